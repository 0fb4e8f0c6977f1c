// The staff console beyond plain forms: news of tickets, the live conversation, insertions, the keyboard. All of it works without.

const EVERY = 10_000;
const find = (name) => document.getElementById(name);

// ---- What a page asks by itself; it keeps no session alive

async function ask(address) {
  try {
    const response = await fetch(address, { headers: { accept: "application/json" } });
    if (response.status === 401) location.reload();
    return response.ok ? await response.json() : null;
  } catch {
    return null; // the line is gone: the next time will tell
  }
}

function repeat(work) {
  setInterval(() => document.visibilityState === "visible" && work(), EVERY);
}

async function watchQueue(address) {
  const title = document.title;
  let newest = null;
  const look = async () => {
    const news = await ask(address);
    if (!news) return;
    document.title = news.waiting ? `（${news.waiting}）${title}` : title;
    if (newest !== null && news.newest > newest) {
      find("news").hidden = false;
      if (globalThis.Notification?.permission === "granted") new Notification("备案通：有新工单", { tag: "beian" });
    }
    newest = Math.max(newest ?? 0, news.newest);
  };
  await look();
  setInterval(look, EVERY); // in a tab that is not looked at, too: that is what the notification is for
}

function watchTicket(address) {
  const said = find("said");
  said.scrollTop = said.scrollHeight;
  repeat(async () => {
    const now = await ask(address);
    if (!now) return;
    const revision = document.querySelector('[name="revision"]')?.value;
    const shown = said.innerHTML;
    const atEnd = said.scrollTop + said.clientHeight > said.scrollHeight - 40;
    said.innerHTML = now.html; // the server's own template, in which every text is escaped
    if (said.innerHTML !== shown && atEnd) said.scrollTop = said.scrollHeight;
    if (said.innerHTML !== shown) find("changed").hidden = false;
    if (revision !== undefined && String(now.revision) !== revision) {
      find("state").textContent = now.status;
      for (const field of document.querySelectorAll('[name="revision"]')) field.value = now.revision;
    }
  });
}

// ---- Insertions

function insert(text) {
  const field = find("text");
  const [from, to] = [field.selectionStart, field.selectionEnd];
  const before = from && !field.value.slice(0, from).endsWith("\n") ? "\n" : "";
  field.setRangeText(before + text, from, to, "end");
  field.focus();
}

find("canned")?.addEventListener("change", (event) => {
  if (event.target.value) insert(event.target.value);
  event.target.value = "";
});
find("clauses")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-quote]");
  if (button) insert(`${button.dataset.quote}\n`);
});
find("clause-filter")?.addEventListener("input", (event) => {
  const words = event.target.value.trim();
  for (const item of find("clauses").children) {
    item.hidden = !item.firstElementChild.dataset.quote.includes(words);
  }
});
find("clause-filter")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault(); // it would send the answer
});
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((b) => (b.disabled = true))));
}
addEventListener("pageshow", () => document.querySelectorAll("form button").forEach((b) => (b.disabled = false)));

// ---- The keyboard

let chosen = -1;

function choose(step) {
  const lines = [...(find("queue")?.children ?? [])];
  if (!lines.length) return;
  lines[chosen]?.classList.remove("chosen");
  chosen = Math.min(lines.length - 1, Math.max(0, chosen + step));
  lines[chosen].classList.add("chosen");
  lines[chosen].querySelector("a").focus();
}

const KEYS = {
  j: () => choose(1),
  k: () => choose(-1),
  q: () => (location.href = "/staff/tickets"),
  "/": () => (find("words") ? find("words").focus() : (location.href = "/staff/search")),
};

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "text") {
    event.target.form.requestSubmit();
    return;
  }
  if (event.key === "Escape") event.target.blur?.();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches?.("input, textarea, select")) return;
  const named = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (named) {
    event.preventDefault();
    named.closest("details")?.setAttribute("open", "");
    if (named.tagName === "BUTTON") named.click();
    else named.focus();
  } else if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

// ---- Notification, only where it is wanted

const notify = find("notify");
if (notify && globalThis.Notification?.permission === "default") {
  notify.hidden = false;
  notify.addEventListener("click", async () => {
    await Notification.requestPermission();
    notify.hidden = true;
  });
}

if (document.body.dataset.news) watchQueue(document.body.dataset.news);
if (document.body.dataset.live) watchTicket(document.body.dataset.live);
