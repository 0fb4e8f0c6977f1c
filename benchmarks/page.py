"""The first page in a browser on a line of 400 kbit/s with 300 ms round trips: bytes, first paint, when it can be used."""

import shutil
import statistics
import sys
import tempfile
from typing import Any

from benchmarks.web import beian, free_port

LINE = {"offline": False, "latency": 300, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
RUNS = 3
PAGES = ("/", "/articles", "/articles/9.3", "/faq/site-area", "/faq")

FIGURES = """() => {
    const [way] = performance.getEntriesByType('navigation');
    const paints = Object.fromEntries(performance.getEntriesByType('paint').map((p) => [p.name, p.startTime]));
    const files = performance.getEntriesByType('resource');
    return {
        first_byte: way.responseStart, first_paint: paints['first-contentful-paint'], interactive: way.domContentLoadedEventEnd,
        load: way.loadEventEnd, requests: files.length + 1, shift: window.shift, longest_task: window.longest,
        bytes: [way, ...files].reduce((sum, one) => sum + one.transferSize, 0),
    };
}"""
WATCH = """
    window.shift = 0; window.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) window.shift += e.value; })).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.longest = Math.max(window.longest, e.duration); })).observe({ type: 'longtask', buffered: true });
"""


def measure(browser: Any, address: str) -> dict[str, float]:  # noqa: ANN401 - Playwright's browser
    """One visit with an empty cache. Interactive: the document and its scripts have run, and the page answers."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    figures: dict[str, float] = page.evaluate(FIGURES)
    context.close()
    return figures


def main() -> None:
    """Print the figures of each page, the median of some visits."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("page: there is no Chromium on this machine", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ours = beian(folder, free_port())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            print(
                "page on 400 kbit/s, 300 ms   kB  requests  first byte  first paint  interactive  load  longest task  layout shift"
            )
            for path in PAGES:
                visits = [measure(browser, f"http://127.0.0.1:{ours.port}{path}") for _ in range(RUNS)]
                mid = {name: statistics.median(visit[name] for visit in visits) for name in visits[0]}
                print(
                    f"{path:<24} {mid['bytes'] / 1000:>8.1f} {mid['requests']:>9.0f} {mid['first_byte']:>8.0f} ms {mid['first_paint']:>9.0f} ms "
                    f"{mid['interactive']:>9.0f} ms {mid['load']:>5.0f} ms {mid['longest_task']:>7.0f} ms {mid['shift']:>9.3f}"
                )
        finally:
            browser.close()
            ours.stop()


if __name__ == "__main__":
    main()
