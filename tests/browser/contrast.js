// How many texts are seen, and those whose contrast with what is behind them is
// below 4.5, or below 3 where they are large.
const parse = (text) => { const found = text.match(/[\d.]+/g).map(Number);
  // color-mix gives parts of 1.
  const scale = text.startsWith('color(') ? 255 : 1;
  return [found[0] * scale, found[1] * scale, found[2] * scale, found[3] ?? 1]; };
const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
const linear = (part) => part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
function ground(element) {
  const above = [];
  for (let at = element; at; at = at.parentElement) above.push(at);
  let colour = [255, 255, 255];
  for (const one of above.reverse()) {
    const style = getComputedStyle(one);
    colour = over(parse(style.backgroundColor), colour);
    // The darkest that a pattern makes of it.
    if (style.backgroundImage !== 'none') colour = over([0, 0, 0, 0.15], colour);
  }
  return colour;
}
const low = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let seen = 0;
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  const text = walker.currentNode.textContent.trim();
  if (!text || !element.checkVisibility({visibilityProperty: true})) continue;
  if (element.closest('.unseen, .skip, script, noscript')) continue;
  const style = getComputedStyle(element);
  let opacity = 1;
  for (let at = element; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
  const behind = ground(element);
  const ink = parse(style.color);
  const words = over([ink[0], ink[1], ink[2], ink[3] * opacity], behind);
  const [dark, light] = [luminance(words), luminance(behind)].sort((a, b) => a - b);
  const contrast = (light + 0.05) / (dark + 0.05);
  seen++;
  const least = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
  if (contrast < least) low.push(`${contrast.toFixed(2)} ${element.className} ${text.slice(0, 40)}`);
}
return [seen, low];
