"""Makes the report's fonts: `npm pack @expo-google-fonts/noto-sans-sc@0.4.3`, unpack, then
`python bot/fonts/subset.py FOLDER`. The text font has the characters of GB 2312, of this project, and those that stand in
names; the bold one, for headings, has the project's alone. `coverage.txt` lists what the text font can draw."""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SOURCES = {
    "NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "700Bold/NotoSansSC_700Bold.ttf",
}
IN_NAMES = (
    "堃喆玥珺昇煊琇曌犇垚甡翀翾晞晟昉昊昕昳晗曦暐暠玟玗珅玮珩珣珏琤琬琰琛瑀瑄瑢瑾璟璐璇璠瓒祎祺禤禛祯禔稘竑竣笪筠箐綦缑羿翎翊翯聿肸胤芃芮芊芸苡茜茗荻莜莘菀菡萱葳蒨蔚蕤薇蘅"
    "虓袆訚诒诩谌谞谡赟轶迺邈邬邰郗郦郜鄯酆钐钰钲钶铖铠铄铧锟锜锘镕镱闫闵阚陟隗隽雩霈霏霁靓靖韫韬頔颀颢飏飒骁骅骞骢鬯鲲鸢鹍麒麾黉黻龑龢亓仉佟佶侃俣俦倓倩傕僖儆冏凇劭劼勖勰匡卮厍叡吒呙咏咥哿喦嘏嘒囧圳圩坔垅垭埇埗埝"
    "堀堉塬墁墺夲奭妘妤姒姝姞娅娉娸婕婧媖媛媞嫄嫒嬿孛孜宓宸寔寰尕屺岄岐岚岱峁崚崟嵇嵊嵘嶷巙巽帼廑廙弢彀彧徕徵忞忻怿恺恽悫惇惟愔慜懋戬扆抃拊揆摰擎攸敔敫斐斓旃旻昀昇昙昝昫晁晏晔"
    "暄暅朏杲枞枳柘柃柷栩桄桢梽棣棻棽椑椿楗楠楷榕榘榛槿樾橦檀檑欣歆殳毓氤氲汶汧沄沅沐沛沢沨泃泓泗泠泯泱泮洋洙洧洮洺浐浔浠浡浥浯涑涓涔涞淇淏淙淦淯渌湉湛湜溎溱滢滟漪漷潇潞潼澍澎澔濂濛濮瀚瀛瀹灏炅炆炜炤烜烨焓焘焜焱煜煦熙熠熵燊燮燚爨牂狄猗"
    "碁碶磡祉秾窅窦竺璘璞瑛瑜瑗瑶瑷瑨玘玙玎珂珈珉珙珧琎琏琯琳琥琪琚琦瑆瑭瑱璆璈璎璜璨瓘"
)  # fmt: skip
SIGNS = "　、。〈〉《》「」『』【】〔〕〓（），．：；？！％＋－＝～“”‘’…—·×÷±≥≤≈≠√→□■○●①②③④⑤⑥⑦⑧⑨⑩℃㎡²³"


def gb2312() -> set[str]:
    """The characters of GB 2312."""
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {pair.decode("gb2312") for pair in pairs if pair.decode("gb2312", "ignore")}


def own() -> set[str]:
    """The characters of this project's law, rules and words."""
    kinds = ("*.toml", "*.txt", "*.typ", "*.py")
    files = [
        path for top in ("bot", "flows", "knowledge") for kind in kinds for path in (ROOT / top).rglob(kind)
    ]
    return {char for path in files if path.name != "subset.py" for char in path.read_text("utf-8")}


def subset(source: Path, target: Path, characters: set[str]) -> set[int]:
    """Write the subset; the code points that it can draw."""
    options = Options(layout_features=["kern", "locl"], hinting=False, name_IDs=["*"], notdef_outline=True)
    font = load_font(source, options)
    cutter = Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in characters if char.isprintable()])
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same input gives the same file
    font.recalcTimestamp = False
    save_font(font, target, options)
    return set(font.getBestCmap())


def ranges(points: set[int]) -> str:
    """Code points as lines of `first-last` in hexadecimal."""
    lines: list[list[int]] = []
    for point in sorted(points):
        if lines and lines[-1][1] == point - 1:
            lines[-1][1] = point
        else:
            lines.append([point, point])
    return "".join(f"{first:x}-{last:x}\n" for first, last in lines)


def main(folder: Path) -> None:
    """Make both fonts from the unpacked package."""
    ascii_and_latin = {chr(point) for point in (*range(0x20, 0x7F), *range(0xA0, 0x180))}
    headings = own() | ascii_and_latin | set(SIGNS)
    wanted = {"NotoSansSC-Regular.ttf": headings | gb2312() | set(IN_NAMES), "NotoSansSC-Bold.ttf": headings}
    for name, source in SOURCES.items():
        drawn = subset(folder / source, HERE / name, wanted[name])
        print(f"{name}: {len(drawn)} characters, {(HERE / name).stat().st_size:,} bytes")
        if name == "NotoSansSC-Regular.ttf":
            (HERE / "coverage.txt").write_text(ranges(drawn), "ascii")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
