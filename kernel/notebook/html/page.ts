// How the exported page looks, and the few lines that bring its plots to life. No address in it leads anywhere else.

export const pageStyle = `
:root{color-scheme:light dark;--ink:#2b2b2b;--soft:#666;--line:#dcdcda;--ground:#fff;--code:#f6f7f7;--accent:#0b7285;--bad:#b42318;--bad-ground:#fdf1f0}
@media (prefers-color-scheme:dark){:root{--ink:#d8d8d8;--soft:#a0a0a0;--line:#3a3a3a;--ground:#1f1f1f;--code:#272828;--accent:#66d9e8;--bad:#ff9c92;--bad-ground:#3a2422}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25}h2{font-size:1.3rem;margin-top:2.2rem}h3{font-size:1.1rem}
a{color:var(--accent)}
section{margin:0 0 .9rem}
pre,code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{margin:0;overflow:auto;white-space:pre;tab-size:2}
p code,li code{background:var(--code);padding:.1em .3em;border-radius:3px}
.code,.text pre{background:var(--code);border:1px solid var(--line);border-radius:4px;padding:.6rem .8rem}
.code:focus-visible{outline:2px solid var(--accent)}
.outputs{margin:.5rem 0 0;padding-left:.8rem;border-left:2px solid var(--line);overflow-x:auto}
.outputs>*{margin:.4rem 0}
.stream,.result{white-space:pre-wrap;overflow-wrap:anywhere}
.stderr{background:var(--bad-ground);padding:.4rem .6rem}
.error{background:var(--bad-ground);border-left:3px solid var(--bad);padding:.6rem .8rem;white-space:pre-wrap}
.unknown{color:var(--soft)}
figure.plot{margin:.4rem 0;width:100%}
img{max-width:100%}
table{border-collapse:collapse;font-size:13px}th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line)}
.tok-keyword,.tok-operatorKeyword,.tok-bool{color:#8839a8}.tok-string,.tok-string2{color:#2a7a3b}.tok-comment{color:#6b7280;font-style:italic}
.tok-number{color:#a3480a}.tok-typeName,.tok-className{color:#0b6e99}.tok-propertyName{color:#30507a}
.ansi-bold{font-weight:600}.ansi-red{color:var(--bad)}.ansi-green{color:#2a7a3b}.ansi-yellow{color:#8a6100}.ansi-blue,.ansi-cyan{color:var(--accent)}.ansi-magenta{color:#8839a8}
@media (prefers-color-scheme:dark){.tok-keyword,.tok-operatorKeyword,.tok-bool,.ansi-magenta{color:#d8a6f0}.tok-string,.tok-string2,.ansi-green{color:#8fd19e}.tok-comment{color:#9aa0a6}
.tok-number,.ansi-yellow{color:#f0b27a}.tok-typeName,.tok-className{color:#7cc7e8}.tok-propertyName{color:#a9c4ec}}
@media print{figure.plot,img{break-inside:avoid}.modebar{display:none}pre{white-space:pre-wrap;overflow-wrap:anywhere}main{padding:0}.outputs{overflow:visible}
.outputs div{max-height:none!important;overflow:visible!important}}
`.trim();

export const pageScript = `
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const inkOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = new Set();
  const inks = (layout) => {
    if (!dark.matches) return layout;
    const axes = Object.fromEntries(Object.keys(layout).filter((key) => /^[xy]axis/.test(key)).concat("xaxis", "yaxis")
      .map((key) => [key, { gridcolor: inkOf("--line"), linecolor: inkOf("--line"), ...layout[key] }]));
    return { ...layout, ...axes, paper_bgcolor: inkOf("--ground"), plot_bgcolor: inkOf("--ground"),
      font: { ...layout.font, color: inkOf("--ink") }, hoverlabel: { bgcolor: inkOf("--code"), font: { color: inkOf("--ink") } } };
  };
  const draw = (figure) => {
    const { data, layout = {}, config } = JSON.parse(figure.firstElementChild.textContent);
    let place = figure.lastElementChild;
    if (place.tagName === "SCRIPT") place = figure.appendChild(document.createElement("div"));
    Plotly.react(place, data, inks(layout), { responsive: true, displaylogo: false, ...config });
    drawn.add(figure);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) { seen.unobserve(target); draw(target); }
  }, { rootMargin: "600px" });
  for (const figure of document.querySelectorAll("figure.plot")) seen.observe(figure);
  dark.addEventListener("change", () => drawn.forEach(draw));
  addEventListener("beforeprint", () => document.querySelectorAll("figure.plot").forEach((f) => drawn.has(f) || draw(f)));
})();
`.trim();
