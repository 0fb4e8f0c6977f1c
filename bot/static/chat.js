// The chat page: sends what is typed, shows the replies, and forgets nothing when the line or the server is lost.
// The session is a bearer token in localStorage and never a cookie: no other site can make the browser send it.
// No library: what is needed is one list of messages and four kinds of bubbles, less than htmx alone.

const API = "/api/v1";
const NEWS_EVERY = 20000;
const PATIENCE = 20000;
const STEP = /^第(\d+)题，最多还有(\d+)题\s*/;

const $ = (id) => document.getElementById(id);
const log = $("log"), form = $("form"), input = $("q"), status = $("status");
const progress = $("progress"), panel = $("panel"), more = $("more");
const welcome = log.firstElementChild;

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
    await view();
    const said = item.text ? { text: item.text } : { action: item.action };
    const answer = await post("/chat", { session: await session(), ...said }, { "Idempotency-Key": item.key });
    status.textContent = "";
    bubble.classList.remove("waiting");
    if (item.action === "forget:yes") forgotten();
    settle(thinking);
    await showAll(answer.replies, bubble);
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

// ---- Bubbles: what replies look like comes after the page can be used

let viewing = null;
let viewTries = 0;

function view() {
  viewing = viewing || import(document.body.dataset.view + (viewTries++ ? "&again=" + viewTries : ""))
    .then((found) => found.begin({ API, Refused, post, session, send }))
    .catch((error) => { viewing = null; throw error; });
  return viewing;
}

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

async function showAll(replies, after) {
  const { show } = await view();
  const shown = replies.map((reply) => show(reply));
  log.append(...shown);
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

// ---- What was said before, other tabs, news

const labels = new Map();

async function restore() {
  if (store.get("session")) {
    try {
      await view();
      const { turns } = await post("/chat/history", { session: store.get("session") });
      await showHistory(turns.filter((turn) => turn.at > (store.get("cleared") || "")));
    } catch (error) {
      if (error.status === 404) store.drop("session");
      else status.textContent = "网络不通，以前的对话暂时看不到，刷新即可再试。";
    }
  }
}

async function showHistory(turns) {
  const { show } = await view();
  log.replaceChildren(welcome);
  turns.forEach((turn, n) => {
    if (turn.who === "user") { closeQuestions(); showUser(labels.get(turn.text) || nameOf(turn.text)); }
    else if (turn.reply) log.append(show(turn.reply, n === turns.length - 1));
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
    if (replies.length) await showAll(replies);
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
  if (link && viewing && $("sheet").showModal && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    viewing.then((shown) => shown.openClause(link));
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

if (!input.value) input.value = store.get("draft") || "";  // what was typed before this ran stays
setInterval(news, NEWS_EVERY);
document.addEventListener("visibilitychange", news);
restore().then(() => unsent().forEach(enqueue));
view().catch(() => {});  // tried again with the first message
