// The chat page: sends what is typed, shows the replies, and forgets nothing when the line or the server is lost.
// The session is a bearer token in localStorage and never a cookie: no other site can make the browser send it.
// No library: what is needed is one list of messages and four kinds of bubbles, less than htmx alone.

const API = "/api/v1";
const NEWS_EVERY = 20000;
const PATIENCE = 20000;
const CLAUSE = /第[一二三四五六七八九十]+条(?:第[一二三四五六七八九十]+款)?(?:第（[一二三四五六七八九十]+）项)?(?:第\d+目)?/g;
const STEP = /^第(\d+)题，最多还有(\d+)题\s*/;

const $ = (id) => document.getElementById(id);
const log = $("log"), form = $("form"), input = $("q"), status = $("status");
const progress = $("progress"), panel = $("panel"), more = $("more"), sheet = $("sheet");
const welcome = log.firstElementChild;
const inWechat = /MicroMessenger/i.test(navigator.userAgent);

// localStorage may be closed to us, in a frame or a private window: then the page remembers as long as it is open.
const store = (() => {
  const memory = new Map();
  const kept = (work, instead) => { try { return work(); } catch (error) { return instead(); } };
  return {
    get: (name) => kept(() => localStorage.getItem("beian." + name), () => memory.get(name) || null),
    set: (name, value) => kept(() => localStorage.setItem("beian." + name, value), () => memory.set(name, value)),
    drop: (name) => kept(() => localStorage.removeItem("beian." + name), () => memory.delete(name)),
  };
})();

// ---- The line to the server

class Refused extends Error {
  constructor(response, answer) {
    super(answer.detail || response.statusText);
    this.status = response.status;
    this.errors = answer.errors || {};
    this.wait = 1000 * Number(response.headers.get("retry-after") || 0);
  }
}

async function post(path, body, headers = {}) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(API + path, {
      method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body), signal: stop.signal,
    });
    const answer = await response.json();
    if (!response.ok) throw new Refused(response, answer);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// The session is opened before the first message: a message that is sent again then always meets its own key.
async function session() {
  if (!store.get("session")) store.set("session", (await post("/sessions", {})).session);
  return store.get("session");
}

// ---- What waits to be sent: kept until the server has answered, sent again with its key, handled once

const queue = [];
let draining = false;
let wake = () => {};

const unsent = () => JSON.parse(store.get("outbox") || "[]");
const keep = (items) => (items.length ? store.set("outbox", JSON.stringify(items)) : store.drop("outbox"));

function send(message, label) {
  const item = { ...message, key: newKey(), label };
  keep([...unsent(), item]);
  enqueue(item);
}

function enqueue(item) {
  closeQuestions();
  queue.push({ item, bubble: showUser(item.label, true) });
  drain();
}

async function drain() {
  if (draining) return;
  draining = true;
  for (let tries = 0; queue.length;) {
    const { item, bubble } = queue[0];
    try {
      await deliver(item, bubble);
      tries = 0;
    } catch (error) {
      if (await isTransient(error, tries)) { tries += 1; continue; }
      giveBack(item, bubble, error);
    }
    queue.shift();
    keep(unsent().filter((other) => other.key !== item.key));
  }
  draining = false;
}

async function deliver(item, bubble) {
  const thinking = setTimeout(() => { log.append(element("div", "正在查条文…", "said bot thinking")); toEnd(); }, 600);
  try {
    const said = item.text ? { text: item.text } : { action: item.action };
    const answer = await post("/chat", { session: await session(), ...said }, { "Idempotency-Key": item.key });
    status.textContent = "";
    bubble.classList.remove("waiting");
    if (item.action === "forget:yes") forgotten();
    settle(thinking);
    showAll(answer.replies, bubble);
    store.set("pulse", item.key);
  } finally {
    settle(thinking);
  }
}

function settle(thinking) {
  clearTimeout(thinking);
  log.querySelectorAll(".thinking").forEach((one) => one.remove());
}

// True, after waiting, if the same message may be sent again.
async function isTransient(error, tries) {
  if (error instanceof Refused) {
    if (error.status === 404 && error.errors.session) { store.drop("session"); return tries < 3; }
    if (error.status < 500 && error.status !== 429 && error.status !== 408) return false;
  }
  status.textContent = error.wait ? `请求太频繁，${Math.ceil(error.wait / 1000)}秒后自动重发。` : "网络不通，内容没有丢，恢复后会自动重发。";
  await new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, error.wait || Math.min(30000, 1000 * 2 ** tries));
  });
  return true;
}

function giveBack(item, bubble, error) {
  status.textContent = Object.values(error.errors || {})[0] || "这条消息不能发送。";
  bubble.remove();
  if (item.text && !input.value) input.value = item.text;
}

window.addEventListener("online", () => wake());

// ---- Bubbles

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function showUser(text, waiting) {
  const said = element("div", "", "said user" + (waiting ? " waiting" : ""));
  said.append(element("p", text));
  log.append(said);
  toEnd();
  return said;
}

function toEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
}

// Every clause that is named can be opened.
function paragraph(text, className) {
  const made = element("p", "", className);
  let from = 0;
  for (const found of text.matchAll(CLAUSE)) {
    made.append(text.slice(from, found.index), clauseLink(found[0], found[0]));
    from = found.index + found[0].length;
  }
  made.append(text.slice(from));
  return made;
}

function clauseLink(label, name, quote) {
  const link = element("a", name);
  link.href = "/articles/" + encodeURIComponent(label);
  link.dataset.clause = label;
  if (quote) link.dataset.quote = quote;
  return link;
}

function quotation(block) {
  const quote = element("blockquote");
  if (block.name) quote.append(clauseLink(block.label, block.name, block.text));
  quote.append(element("p", block.text));
  return quote;
}

function tableOf(rows) {
  const table = element("table"), scroll = element("div", "", "scroll");
  rows.forEach((row, n) => {
    const line = element("tr");
    row.forEach((cell, column) => {
      const made = element(n && column ? "td" : "th", cell);
      if (made.tagName === "TH") made.scope = n ? "row" : "col";
      else if (/^[\d.]+$|^未知$/.test(cell)) made.className = "tabular";
      line.append(made);
    });
    table.append(line);
  });
  scroll.append(table);
  return scroll;
}

// The server's own SVG, with its title and description for those who cannot see it; it scrolls where the screen is narrow.
function chartOf(text) {
  const svg = document.adoptNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement);
  svg.setAttribute("class", "chart");
  return svg;
}

function show(reply, fresh = true) {
  const said = element("div", "", "said bot");
  if (reply.card) showResult(said, reply, fresh);
  else reply.blocks.forEach((block) => { const part = partOf(block, reply); if (part) said.append(part); });
  if (reply.document) said.append(download(reply.document));
  if (reply.question) askFor(said, reply);
  else if (reply.buttons.length) said.append(choices(reply.buttons));
  if (reply.id && fresh) said.append(usefulness(reply.id));
  log.append(said);
  return said;
}

function partOf(block, reply) {
  if (block.kind === "notice") return null;  // the welcome above says it
  if (block.kind === "quote") return quotation(block);
  if (block.kind === "table") {
    const table = tableOf(block.rows);
    if (block.chart) table.append(chartOf(block.chart));
    return table;
  }
  const text = reply.question ? block.text.replace(STEP, "") : block.text;
  return text ? paragraph(text, block.kind === "text" ? (reply.question ? "question" : "") : "note") : null;
}

function choices(buttons, className = "choices") {
  const group = element("div", "", className);
  for (const button of buttons) {
    const made = element("button", button.label, /^(set|change|desk):/.test(button.action) ? "choice" : "");
    made.type = "button";
    made.dataset.action = button.action;
    group.append(made);
  }
  return group;
}

// ---- A question: its choices, a field for a figure with its unit, and the ways out

function askFor(said, reply) {
  const { question } = reply;
  said.classList.add("asked");
  const own = new Set(question.choices.map((choice) => choice.action));
  if (question.type === "number" || question.type === "count" || question.type === "date") said.append(figureField(question));
  said.append(choices(question.choices, "choices" + (question.choices.length > 8 ? " many" : "")));
  said.append(choices(reply.buttons.filter((button) => !own.has(button.action) && !["back", "summary"].includes(button.action)), "choices quiet"));
}

function figureField(question) {
  const field = element("form", "", "figure"), label = element("label", "", "figure-label"), box = element("input");
  box.type = question.type === "date" ? "date" : "text";
  box.inputMode = question.type === "count" ? "numeric" : "decimal";
  box.autocomplete = "off";
  box.required = true;
  box.setAttribute("aria-label", question.type === "date" ? "日期" : `数字，单位${question.unit}`);
  label.append(box);
  if (question.unit) label.append(element("span", question.unit));
  field.append(label, element("button", "确定"));
  field.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = box.value.trim();
    if (value) send({ text: value }, value + (question.unit && /^[\d.,，]+$/.test(value) ? question.unit : ""));
  });
  return field;
}

function closeQuestions() {
  log.querySelectorAll(".asked .choices, .asked .figure").forEach((part) => part.remove());
}

// The field fits the question that is asked, and the line above tells how far it is.
function expect(replies) {
  const reply = replies.filter((one) => one.question).pop();
  const asked = reply && reply.question;
  input.placeholder = asked ? "回答，或随时提问" : "请输入问题";
  const text = asked ? (reply.blocks.map((block) => block.text.match(STEP)).find(Boolean) || []) : [];
  progress.hidden = !text.length;
  if (!text.length) return;
  const number = Number(text[1]), left = Number(text[2]);
  $("step").textContent = `第${number}题`;
  $("left").textContent = `最多还有${left}题`;
  $("bar").max = number - 1 + left;
  $("bar").value = number - 1;
}

function showAll(replies, after) {
  const shown = replies.map((reply) => show(reply));
  expect(replies);
  if (!shown.length) return;
  const first = after || shown[0];
  const room = window.innerHeight - document.querySelector(".composer").offsetHeight - topOf();
  const tall = log.lastElementChild.getBoundingClientRect().bottom - first.getBoundingClientRect().top > room;
  if (tall) window.scrollTo(0, first.getBoundingClientRect().top + window.scrollY - topOf() - 8);
  else toEnd();
  if (hands === "keyboard" || hands === "mouse") (shown[shown.length - 1].querySelector(".figure input") || (refocus && shown[shown.length - 1].querySelector("button")) || input).focus({ preventScroll: true });
  refocus = false;
}

const topOf = () => (progress.hidden ? document.querySelector(".top").offsetHeight : progress.getBoundingClientRect().bottom);

// ---- A result: the verdict, a table of the requirements, the amounts beside their limits

function showResult(said, reply, fresh) {
  const { card } = reply;
  said.classList.add("result", card.verdict);
  const [head, ...rest] = reply.blocks;
  said.append(element("p", head.text, "verdict"));
  const texts = rest.filter((block) => block.kind === "text" && !block.label);
  texts.slice(0, 2).forEach((block) => said.append(paragraph(block.text)));
  said.append(requirements(card.rows), amounts(card));
  texts.slice(2).forEach((block) => said.append(paragraph(block.text)));
  const notes = rest.filter((block) => block.kind !== "text" && block.text);
  if (notes.length) {
    const details = element("details");
    details.append(element("summary", "说明和提示"));
    notes.forEach((block) => details.append(paragraph(block.text, "note")));
    said.append(details);
  }
  if (fresh) report(said);
}

// The report is a page of its own, which can be opened in another browser: what was told stands behind #.
async function report(said) {
  const place = element("p", "", "reports");
  said.append(place);
  try {
    const told = await post("/chat/profile", { session: await session() });
    const link = element("a", "看报告，下载 PDF、Word、Excel", "button");
    link.href = "/report#" + encodeURIComponent(JSON.stringify(told));
    if (!inWechat) { link.target = "_blank"; link.rel = "noopener"; }
    place.append(link);
  } catch (error) {
    place.remove();
  }
}

// What is not met and what is open come first; what is met is there to be looked up.
function requirements(rows) {
  const parts = document.createDocumentFragment();
  const open = ["unmet", "unknown"].flatMap((status) => rows.filter((row) => row.status === status));
  const met = rows.filter((row) => row.status === "met");
  if (open.length) parts.append(requirementTable(open, "不满足和待定的要求"));
  if (met.length) {
    const details = element("details");
    details.open = !open.length;
    details.append(element("summary", `满足的${met.length}项要求`), requirementTable(met, "满足的要求"));
    parts.append(details);
  }
  return parts;
}

function requirementTable(rows, caption) {
  const table = element("table", "", "requirements"), scroll = element("div", "", "scroll");
  table.append(element("caption", caption, "hidden"));
  const head = element("tr");
  ["要求", "您填的", "结果"].forEach((name) => { const cell = element("th", name); cell.scope = "col"; head.append(cell); });
  table.append(head);
  for (const row of rows) {
    const line = element("tr"), title = element("th");
    title.scope = "row";
    title.append(element("span", row.title), element("br"), clauseLink(row.label, row.name));
    if (row.required) title.append(element("span", row.required, "due"));
    line.append(title, element("td", row.actual || "未填"), element("td", row.word, row.status));
    table.append(line);
  }
  scroll.append(table);
  return scroll;
}

function amounts(card) {
  const figure = element("figure", "", "amounts");
  figure.append(element("figcaption", "补助估算（上限，万元）"));
  const widest = Math.max(...card.amounts.map((amount) => Number(amount.cap_wan)));
  for (const amount of card.amounts) {
    const line = element("div", "", "amount");
    const known = amount.amount_wan !== null;
    line.append(element("span", amount.title), bar(Number(amount.amount_wan), Number(amount.cap_wan), widest));
    line.append(element("span", known ? `${amount.amount_wan}（上限${Number(amount.cap_wan)}）` : `待填（上限${Number(amount.cap_wan)}）`, "sum"));
    figure.append(line);
  }
  if (card.first_year_wan !== null) figure.append(element("p", `首年合计上限 ${card.first_year_wan} 万元`, "total"));
  return figure;
}

function bar(amount, cap, widest) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 10");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  for (const [width, name] of [[100 * cap / widest, "limit"], [100 * amount / widest, "fill"]]) {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.setAttribute("width", String(width));
    rect.setAttribute("height", "10");
    rect.setAttribute("class", name);
    svg.append(rect);
  }
  return svg;
}

// A file is fetched with the session in the request's body: its address alone opens nothing.
function download(file) {
  const button = element("button", "下载 " + file.name);
  button.type = "button";
  button.addEventListener("click", async () => {
    try {
      const body = JSON.stringify({ session: await session(), id: file.id });
      const response = await fetch(API + "/chat/document", { method: "POST", headers: { "content-type": "application/json" }, body });
      if (!response.ok) throw new Refused(response, await response.json());
      const link = element("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch (error) {
      status.textContent = error instanceof Refused ? "这个文件已经没有了，请重新导出。" : "网络不通，没有下载。";
    }
  });
  const group = element("div", "", "choices");
  group.append(button);
  return group;
}

// ---- Was this useful

function usefulness(id) {
  const group = element("div", "", "useful");
  const say = (useful) => async () => {
    group.textContent = "";
    try {
      await post("/feedback", { session: await session(), about: id, useful });
      group.append(element("span", useful ? "已经记下，谢谢。" : "已经记下，谢谢。", "note"));
      if (!useful) group.append(remark(id), choices([{ label: "转人工", action: "human" }], "inline"));
    } catch (error) {
      group.append(element("span", "网络不通，没有记下。", "note"));
    }
  };
  for (const [label, useful] of [["有帮助", true], ["没帮助", false]]) {
    const button = element("button", label);
    button.type = "button";
    button.addEventListener("click", say(useful));
    group.append(button);
  }
  return group;
}

function remark(id) {
  const field = element("form", "", "remark"), box = element("input");
  box.maxLength = 1000;
  box.setAttribute("aria-label", "哪里不对（可不写）");
  box.placeholder = "哪里不对（可不写）";
  field.append(box, element("button", "补充"));
  field.addEventListener("submit", async (event) => {
    event.preventDefault();
    const comment = box.value.trim();
    if (!comment) return;
    try {
      await post("/feedback", { session: await session(), about: id, useful: false, comment });
      field.replaceWith(element("span", "补充也记下了。", "note"));
    } catch (error) {
      status.textContent = Object.values(error.errors || {})[0] || "网络不通，没有记下。";
    }
  });
  return field;
}

// ---- A clause in a sheet over the conversation

async function openClause(link) {
  const { clause, quote } = link.dataset;
  try {
    const response = await fetch(`${API}/articles/${encodeURIComponent(clause)}`);
    if (!response.ok) throw new Error(String(response.status));
    const found = await response.json();
    $("sheet-name").textContent = found.name;
    $("sheet-link").href = "/articles/" + found.label;
    $("sheet-text").replaceChildren(...found.text.split("\n").map((line) => quoted(line, quote)));
    sheet.showModal();
    $("sheet-text").scrollTop = 0;
  } catch (error) {
    location.href = link.href;
  }
}

function quoted(line, quote) {
  const made = element("p");
  const at = quote && quote !== line ? line.indexOf(quote) : -1;
  if (at < 0) { made.textContent = line; return made; }
  made.append(line.slice(0, at), element("mark", quote), line.slice(at + quote.length));
  return made;
}

$("sheet-close").addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });

// ---- What was said before, other tabs, news

const labels = new Map();

async function restore() {
  if (store.get("session")) {
    try {
      const { turns } = await post("/chat/history", { session: store.get("session") });
      showHistory(turns.filter((turn) => turn.at > (store.get("cleared") || "")));
    } catch (error) {
      if (error.status === 404) store.drop("session");
      else status.textContent = "网络不通，以前的对话暂时看不到，刷新即可再试。";
    }
  }
}

function showHistory(turns) {
  log.replaceChildren(welcome);
  turns.forEach((turn, n) => {
    if (turn.who === "user") { closeQuestions(); showUser(labels.get(turn.text) || nameOf(turn.text)); }
    else if (turn.reply) show(turn.reply, n === turns.length - 1);
    if (turn.reply) for (const b of [...turn.reply.buttons, ...(turn.reply.question ? turn.reply.question.choices : [])]) labels.set(b.action, b.label);
  });
  expect(turns.length && turns[turns.length - 1].reply ? [turns[turns.length - 1].reply] : []);
  toEnd();
}

function nameOf(action) {
  const button = [...document.querySelectorAll("[data-action]")].find((one) => one.dataset.action === action);
  return button ? (button.querySelector("strong") || button).textContent : action;
}

async function news() {
  if (document.hidden || draining || !store.get("session")) return;
  try {
    const { replies } = await post("/chat/news", { session: store.get("session") });
    if (replies.length) showAll(replies);
  } catch (error) {
    if (error.status === 404) store.drop("session");
  }
}

window.addEventListener("storage", (event) => {
  if (event.key === "beian.pulse" && !draining) restore();
  if (event.key === "beian.session" && !event.newValue) { log.replaceChildren(welcome); expect([]); }
});

function forgotten() {
  for (const name of ["session", "cleared", "draft"]) store.drop(name);
  log.replaceChildren(welcome);
}

async function clearScreen() {
  panelOpen(false);
  store.set("cleared", new Date().toISOString());
  log.replaceChildren(welcome);
  expect([]);
  status.textContent = "已清空屏幕；以前的对话仍然保存，可在“我的数据”里查看或删除。";
  if (!store.get("session")) return;
  try {  // the server's clock decides what came before
    const { turns } = await post("/chat/history", { session: store.get("session") });
    if (turns.length) store.set("cleared", turns[turns.length - 1].at);
  } catch (error) { /* the time set above serves */ }
}

// ---- Hands: what is pressed and typed

let hands = "";
let refocus = false;
document.addEventListener("pointerdown", (event) => { hands = event.pointerType; }, true);
document.addEventListener("keydown", () => { hands = "keyboard"; }, true);

function panelOpen(open) {
  panel.hidden = !open;
  more.setAttribute("aria-expanded", String(open));
}

more.addEventListener("click", () => panelOpen(panel.hidden));
$("clear").addEventListener("click", clearScreen);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  store.drop("draft");
  panelOpen(false);
  send({ text }, text);
});

input.addEventListener("input", () => (input.value ? store.set("draft", input.value) : store.drop("draft")));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) { panelOpen(false); more.focus(); }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-clause]");
  if (link && sheet.showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openClause(link);
    return;
  }
  const example = event.target.closest("[data-ask]");
  if (example) {
    event.preventDefault();
    send({ text: example.dataset.ask }, example.dataset.ask);
    return;
  }
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  refocus = hands === "keyboard" && log.contains(button);
  panelOpen(false);
  const name = (button.querySelector("strong") || button).textContent;
  labels.set(button.dataset.action, name);
  send({ action: button.dataset.action }, name);
});

input.value = store.get("draft") || "";
setInterval(news, NEWS_EVERY);
document.addEventListener("visibilitychange", news);
restore().then(() => unsent().forEach(enqueue));
