
addEventListener("load", () => {
  const problems = [];
  const picture = document.querySelector("svg")?.getBoundingClientRect();
  const texts = [...document.querySelectorAll("svg text")].map(e => [e.textContent, e.getBoundingClientRect()]);
  texts.forEach(([name, a], i) => {
    if (a.width < 3 || a.height < 9) problems.push(name + " is too small: " + a.width + " x " + a.height);
    if (a.left < picture.left || a.right > picture.right + 1 || a.top < picture.top || a.bottom > picture.bottom) problems.push(name + " is cut off");
    for (const [other, b] of texts.slice(i + 1))
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) problems.push(name + " is over " + other);
  });
  const luminance = color => {
    const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== "rgba(0, 0, 0, 0)" && c !== "transparent") return c; } return "rgb(255, 255, 255)"; };
  const written = e => e.matches("input, select, .verdict") || [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim() !== "");
  for (const e of document.querySelectorAll("body *")) {
    if (!(written(e) || e.matches(".area")) || !e.checkVisibility() || e.matches("script, style, title, option")) continue;
    const style = getComputedStyle(e), shape = e instanceof SVGElement;
    const found = contrast(shape ? style.fill : style.color, behind(shape ? e.closest("div") : e));
    if (found < (e.matches(".area") ? 3 : 4.5)) problems.push("contrast " + found.toFixed(1) + " of " + (e.className.baseVal ?? e.className) + " " + e.textContent);
  }
  if (document.documentElement.scrollWidth > innerWidth) problems.push("the page is wider than its window: " + document.documentElement.scrollWidth);
  const background = behind(document.body), result = RESULT ?? null;
  const seen = document.createElement("pre");
  seen.id = "seen";
  seen.textContent = JSON.stringify({background, problems, result});
  document.body.append(seen);
});
