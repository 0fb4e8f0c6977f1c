// The report of what stands behind # in the address: shown here, downloaded by an ordinary form.

const place = document.getElementById("report");

async function show() {
  let profile;
  try {
    profile = decodeURIComponent(location.hash.slice(1));
    JSON.parse(profile);
  } catch (error) {
    return tell("这个地址里没有预审内容。请回到对话，做完预审再打开报告。");
  }
  try {
    const response = await fetch("/report", { method: "POST", headers: { "content-type": "application/json" }, body: profile });
    if (!response.ok) return tell("这份预审内容不能生成报告，请回到对话重新打开。");
    const made = new DOMParser().parseFromString(await response.text(), "text/html");
    place.replaceChildren(...made.body.children);
    document.title = place.querySelector("h1").textContent + " - 备案通";
    document.getElementById("profile").value = profile;
    document.getElementById("downloads").hidden = false;
  } catch (error) {
    tell("网络不通，请刷新再试。");
  }
  return undefined;
}

function tell(text) {
  document.getElementById("telling").textContent = text;
}

document.getElementById("wechat").hidden = !/MicroMessenger/i.test(navigator.userAgent);
document.querySelector("[data-print]").addEventListener("click", () => window.print());
window.addEventListener("hashchange", () => location.reload());
show();
