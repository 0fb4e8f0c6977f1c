// The chat page: sends what is typed, shows the replies, and forgets nothing when the line or the server is lost.
// The session is a bearer token in localStorage and never a cookie: no other site can make the browser send it.

const SESSION = "beian.session";
const UNSENT = "beian.unsent";
const NEWS_EVERY = 20000;

const log = document.getElementById("log");
const form = document.getElementById("form");
const input = document.getElementById("q");
const unit = document.getElementById("unit");
const status = document.getElementById("status");
const progress = document.getElementById("progress");
let sending = false;

const session = () => localStorage.getItem(SESSION);

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

async function post(path, body, headers = {}) {
  const response = await fetch("/api/v1" + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error("refused"), { status: response.status, errors: answer.errors || {} });
  if (answer.session) localStorage.setItem(SESSION, answer.session);
  return answer;
}

function showUser(text) {
  const said = element("div", "", "said user waiting");
  said.append(element("p", text));
  log.append(said);
  log.scrollTop = log.scrollHeight;
  return said;
}

function quotation(block) {
  const quote = element("blockquote");
  if (block.name) {
    const link = element("a", "依据 " + block.name);
    link.href = "/articles/" + encodeURIComponent(block.label);
    quote.append(link);
  }
  quote.append(element("p", block.text));
  return quote;
}

function tableOf(rows) {
  const table = element("table");
  rows.forEach((row, n) => {
    const line = element("tr");
    row.forEach((cell) => line.append(element(n ? "td" : "th", cell)));
    table.append(line);
  });
  return table;
}

function show(reply) {
  const said = element("div", "", "said bot");
  reply.blocks.forEach((block, n) => {
    if (block.kind === "quote") said.append(quotation(block));
    else if (block.kind === "table") said.append(tableOf(block.rows));
    else said.append(element("p", block.text, block.kind === "text" ? (reply.result && n === 0 ? "verdict" : "") : "note"));
  });
  if (reply.buttons.length) said.append(choices(reply.buttons));
  log.append(said);
  log.scrollTop = Math.max(0, said.offsetTop - log.offsetTop - 8);
}

function choices(buttons) {
  const group = element("div", "", "choices");
  for (const button of buttons) {
    const made = element("button", button.label);
    made.type = "button";
    made.dataset.action = button.action;
    group.append(made);
  }
  return group;
}

// The field fits the question that is asked: figures get the number keyboard and their unit.
function expect(question) {
  const figure = question && (question.type === "number" || question.type === "count");
  input.inputMode = figure ? "decimal" : "text";
  input.placeholder = question ? "请输入回答，或点上面的选项" : "请输入问题";
  unit.hidden = !(question && question.unit);
  unit.textContent = (question && question.unit) || "";
}

function showAll(replies) {
  replies.forEach(show);
  const asked = replies.map((reply) => reply.question).filter(Boolean).pop();
  expect(asked);
  const step = asked && replies[replies.length - 1].text.match(/第\d+题，最多还有\d+题/);
  progress.hidden = !step;
  progress.textContent = step ? step[0] : "";
}

// What could not be sent is kept with its key and sent again with it: the server handles a key once.
async function send(message, label, bubble = showUser(label)) {
  if (sending) return;
  sending = true;
  status.textContent = "";
  const unsent = { ...message, key: message.key || newKey(), label };
  localStorage.setItem(UNSENT, JSON.stringify(unsent));
  try {
    const body = { ...(session() ? { session: session() } : {}), ...(message.text ? { text: message.text } : { action: message.action }) };
    const answer = await post("/chat", body, { "Idempotency-Key": unsent.key });
    localStorage.removeItem(UNSENT);
    bubble.classList.remove("waiting");
    showAll(answer.replies);
    if (message.action === "forget:yes") localStorage.removeItem(SESSION);
  } catch (error) {
    refused(error, bubble, unsent);
  } finally {
    sending = false;
  }
}

function refused(error, bubble, unsent) {
  if (error.status === 404 && error.errors.session) {
    localStorage.removeItem(SESSION);
    sending = false;
    send(unsent, unsent.label, bubble);
    return;
  }
  if (error.status && error.status < 500 && error.status !== 429) {
    localStorage.removeItem(UNSENT);
    status.textContent = Object.values(error.errors)[0] || "这条消息不能发送。";
    bubble.remove();
    input.value = unsent.text || "";
    return;
  }
  status.textContent = "网络不通，内容没有丢，恢复后会自动重发。";
  setTimeout(() => send(unsent, unsent.label, bubble), 5000);
}

async function restore() {
  if (!session()) return;
  try {
    const { turns } = await post("/chat/history", { session: session() });
    for (const turn of turns) {
      if (turn.who === "user") {
        const last = [...log.querySelectorAll("[data-action]")].reverse().find((b) => b.dataset.action === turn.text);
        showUser(last ? last.textContent : turn.text).classList.remove("waiting");
      } else if (turn.reply) show(turn.reply);
    }
    const replies = turns.filter((turn) => turn.reply).map((turn) => turn.reply);
    if (replies.length) expect(replies[replies.length - 1].question);
    log.scrollTop = log.scrollHeight;
  } catch (error) {
    if (error.status === 404) localStorage.removeItem(SESSION);
  }
  const unsent = JSON.parse(localStorage.getItem(UNSENT) || "null");
  if (unsent) send(unsent, unsent.label);
}

async function news() {
  if (document.hidden || sending || !session()) return;
  try {
    (await post("/chat/news", { session: session() })).replies.forEach(show);
  } catch (error) {
    if (error.status === 404) localStorage.removeItem(SESSION);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text || sending) return;
  input.value = "";
  send({ text }, text);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-action]");
  if (button && !sending) send({ action: button.dataset.action }, button.textContent);
});

setInterval(news, NEWS_EVERY);
restore();
