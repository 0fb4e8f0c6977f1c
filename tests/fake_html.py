"""Telegram's HTML as the Bot API reads it: the text without tags, or the refusal that Telegram would send."""

from html.parser import HTMLParser

TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "code",
    "pre",
    "a",
    "blockquote",
    "tg-spoiler",
}


class Refused(Exception):
    """What the server answers instead of a result."""

    def __init__(self, code, description, **parameters):
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def refuse(description):
    raise Refused(400, f"Bad Request: {description}")


class _Html(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            refuse(f'can\'t parse entities: Unsupported start tag "{tag}"')
        if tag == "blockquote" and "blockquote" in self.open:
            refuse("can't parse entities: nested blockquotes")
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            refuse("can't parse entities: Unmatched end tag")

    def handle_data(self, data):
        if "<" in data or ">" in data:
            self.text.append(data)  # html.parser hands on what is no tag; Telegram refuses a bare "<"
            if "<" in data:
                refuse("can't parse entities: Unclosed start tag")
            return
        self.text.append(data)


def parse_html(text):
    """The text without its tags, or what Telegram says of HTML that is not well formed."""
    if "<" not in text and "&" not in text:
        return text
    html = _Html()
    html.feed(text.replace("&lt;", "\ue000"))
    html.close()
    if html.open:
        refuse(f"can't parse entities: Can't find end tag corresponding to start tag {html.open[-1]}")
    return "".join(html.text).replace("\ue000", "<")


def check_text(text, parse_mode, longest=4096):
    """The text as it will be shown; refused if it is empty or too long."""
    if parse_mode not in {None, "", "HTML"}:
        refuse("unsupported parse_mode")
    plain = parse_html(text) if parse_mode == "HTML" else text
    if not plain.strip():
        refuse("message text is empty")
    if len(plain.encode("utf-16-le", "surrogatepass")) // 2 > longest:
        refuse("message is too long" if longest == 4096 else "message caption is too long")
    return plain


def check_keyboard(markup):
    """An inline keyboard that Telegram would take."""
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > 100:
        refuse("reply markup is too long")
    for button in (button for row in rows for button in row):
        kinds = set(button) & {
            "callback_data",
            "url",
            "switch_inline_query",
            "switch_inline_query_current_chat",
        }
        if not button.get("text") or len(kinds) != 1:
            refuse("can't parse inline keyboard button: text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            refuse("BUTTON_DATA_INVALID")
    return markup


def check_photo(data):
    """A picture that Telegram takes: PNG or JPEG, its sides 10,000 pixels together and no more than 1 to 20."""
    if data[:3] == b"\xff\xd8\xff":
        return
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        refuse("IMAGE_PROCESS_FAILED")
    width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        refuse("PHOTO_INVALID_DIMENSIONS")
