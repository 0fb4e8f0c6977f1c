// What replies look like: quotations that open their clause, questions with their fields, results, files, feedback. Loaded once
// the page can be used, so that it can be used sooner. `begin` is given the line to the server and the ways to send.

const CLAUSE = /第[一二三四五六七八九十]+条(?:第[一二三四五六七八九十]+款)?(?:第（[一二三四五六七八九十]+）项)?(?:第\d+目)?/g;
const STEP = /^第(\d+)题，最多还有(\d+)题\s*/;
const inWechat = /MicroMessenger/i.test(navigator.userAgent);
const sheet = document.getElementById("sheet");
const status = document.getElementById("status");
let API, Refused, post, session, send;

export function begin(line) {
  ({ API, Refused, post, session, send } = line);
  return { show, openClause };
}

const $ = (id) => document.getElementById(id);

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
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
  // A clause of another regulation has no label here: there is nothing of ours to open.
  if (block.name) quote.append(block.label ? clauseLink(block.label, block.name, block.text) : element("b", block.name));
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
