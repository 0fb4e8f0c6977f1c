// The chat on another site's page: a button in the corner that opens it in a frame. One line is enough:
// <script src="https://HOST/static/widget.js" defer></script>  (data-label, data-side="left", data-colour)
(() => {
  const own = document.currentScript;
  const home = new URL(own.src).origin;
  const { label = "备案咨询", side = "right", colour = "#1b5e8c" } = own.dataset;
  const corner = { position: "fixed", [side === "left" ? "left" : "right"]: "16px", zIndex: "2147483000", boxSizing: "border-box" };

  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-haspopup", "dialog");
  Object.assign(button.style, corner, {
    bottom: "16px", padding: "12px 20px", border: "0", borderRadius: "24px", font: "16px/1.4 system-ui, sans-serif", color: "#fff",
    backgroundColor: colour, boxShadow: "0 2px 10px rgb(0 0 0 / .25)", cursor: "pointer",
  });

  let frame = null;

  function make() {
    frame = document.createElement("iframe");
    frame.title = label;
    frame.src = home + "/embed";
    Object.assign(frame.style, corner, {
      bottom: "76px", width: "min(400px, calc(100vw - 32px))", height: "min(640px, calc(100vh - 100px))", border: "1px solid #c8d2dc",
      borderRadius: "14px", background: "#fff", boxShadow: "0 6px 28px rgb(0 0 0 / .25)", colorScheme: "normal",
    });
    document.body.append(frame);
  }

  function open(shown) {
    if (shown && !frame) make();
    if (frame) frame.style.display = shown ? "block" : "none";
    button.setAttribute("aria-expanded", String(shown));
    button.textContent = shown ? "收起" : label;
    if (shown) frame.focus();
  }

  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });
  const start = () => document.body.append(button);
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
