// What pages that are read gain from JavaScript: printing, and feedback without leaving the page.

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

async function rate(form, pressed) {
  const buttons = [...form.querySelectorAll("button")];
  buttons.forEach((b) => { b.disabled = true; });
  try {
    const response = await fetch("/api/v1/feedback", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ about: form.elements.about.value, useful: pressed.value === "true" }),
    });
    if (!response.ok) throw new Error(String(response.status));
    form.querySelector("span").textContent = pressed.value === "true" ? "已经记下，谢谢。" : "已经记下，谢谢。可以到问答里接着问，或转人工。";
    buttons.forEach((b) => b.remove());
  } catch (error) {
    form.querySelector("span").textContent = "网络不通，请稍后再点一次。";
    buttons.forEach((b) => { b.disabled = false; });
  }
}

for (const form of document.querySelectorAll("[data-useful]")) {
  form.querySelector("span").setAttribute("role", "status");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    rate(form, event.submitter);
  });
}

// A link to one question of the list opens it.
const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (target && target.tagName === "DETAILS") {
  target.open = true;
  target.scrollIntoView();
}
