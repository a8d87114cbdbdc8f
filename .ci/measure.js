// Facts about a page that the tests ask for: window.measure.
(() => {
  const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const words = text => text.replace(/\s+/g, " ").trim().slice(0, 60);
  const heard = e => getComputedStyle(e.closest("thead") || e).clipPath !== "none";  // and not seen
  const wrapped = e => e.closest(".scroll, pre.out, .chart.only");  // these scroll by themselves
  const name = e => `${e.tagName.toLowerCase()}${e.className && !e.ownerSVGElement ? "." + e.className : ""} “${words(e.textContent)}”`;
  const overlap = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];

  // All lines of visible text under an element as {text, left, right, top, bottom}; the height is that of small letters, since the boxes of two lines touch.
  const lines = root => {
    const found = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node; node = walker.nextNode();) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, .skip") || !seen(parent) || heard(parent)) continue;
      range.selectNodeContents(node);
      for (const r of range.getClientRects())
        if (r.width > 1) found.push({node, parent, text: words(node.data), left: r.left, right: r.right, top: r.top + r.height * .3, bottom: r.bottom - r.height * .3});
    }
    return found;
  };
  const pairs = (boxes, by) => {
    const faults = [];
    boxes.sort((a, b) => a.top - b.top);
    boxes.forEach((a, i) => {
      for (let j = i + 1; j < boxes.length && boxes[j].top < a.bottom; j++) {
        const [across, down] = overlap(a, boxes[j]);
        if (across > by && down > by) faults.push(`“${a.text}” and “${boxes[j].text}” overlap by ${across.toFixed(1)} by ${down.toFixed(1)} px`);
      }
    });
    return faults;
  };
  const cut = root => [...root.querySelectorAll("*")].filter(e => !e.ownerSVGElement && e.clientWidth && e.textContent.trim() && !wrapped(e) && seen(e)
    && (e.scrollWidth > e.clientWidth + 1 || (getComputedStyle(e).overflowY !== "visible" && e.scrollHeight > e.clientHeight + 1)))
    .map(e => `${name(e)} is ${e.scrollWidth} by ${e.scrollHeight} px in ${e.clientWidth} by ${e.clientHeight}`);

  const layout = () => {
    const wide = document.documentElement, faults = cut(document.body), text = lines(document.body);
    if (wide.scrollWidth > wide.clientWidth) faults.push(`the page is ${wide.scrollWidth} px wide in ${wide.clientWidth}`);
    for (const line of text)
      if (!wrapped(line.parent) && (line.left < -1 || line.right > wide.clientWidth + 1)) faults.push(`“${line.text}” leaves the page`);
    return faults.concat(pairs(text.filter(line => !line.parent.closest("#card")), 2));
  };

  // Labels are outlined: a group of glyphs each. Their ink stays in the drawing, and clear of one another.
  const labels = by => {
    const faults = [];
    let count = 0;
    for (const svg of document.querySelectorAll(".chart svg")) {
      if (!seen(svg)) continue;
      const frame = svg.getBoundingClientRect();
      const groups = [...svg.querySelectorAll("g")].filter(g => g.querySelector(":scope > use[href^='#p']"));
      const boxes = groups.map((g, i) => {
        const {x, y, width, height} = g.getBBox(), m = g.getScreenCTM();  // without the unseen stroke that makes it easier to hit
        const at = [[x, y], [x + width, y + height]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(m));
        const [left, right] = at.map(p => p.x).sort((a, b) => a - b), [top, bottom] = at.map(p => p.y).sort((a, b) => a - b);
        return {text: `${svg.closest("figure").id} ${g.closest("a")?.getAttribute("aria-label") ?? "label " + i}`, left, right, top, bottom};
      });
      count += boxes.length;
      for (const box of boxes)
        if (box.left < frame.left - by || box.right > frame.right + by || box.top < frame.top - by || box.bottom > frame.bottom + by) faults.push(`${box.text} leaves its drawing`);
      faults.push(...pairs(boxes, by));
    }
    return {labels: count, faults};
  };

  const card = () => {
    const card = document.getElementById("card");
    if (!card || !seen(card)) return null;
    const link = document.querySelector("[aria-expanded=true]"), r = card.getBoundingClientRect(), faults = cut(card);
    if (r.left < 0 || r.right > document.documentElement.clientWidth || r.top < -1 || r.bottom > innerHeight + 1) faults.push(`the card leaves the screen: ${r.left} ${r.top} ${r.right} ${r.bottom}`);
    if (card.scrollWidth > card.clientWidth + 1) faults.push("the card scrolls sideways");
    return {number: link?.getAttribute("href").slice(3), expanded: !!link, text: card.textContent, faults,
            inputs: [...card.querySelectorAll("a[href^='#n-']")].map(a => a.getAttribute("href").slice(3))};
  };

  // Where the keyboard is: on which number, or in the card of which number.
  const focus = () => {
    const e = document.activeElement, id = link => link?.getAttribute("href").slice(3), inCard = e.closest("#card");
    const number = !inCard && e.matches("body > :not(#ledger) a[href^='#n-']") ? id(e) : null;
    const group = number ? [...(e.closest("svg, table")?.querySelectorAll("a[href^='#n-']") || [])].filter(a => !a.closest("#card")) : [], last = group.indexOf(e) === group.length - 1;
    const more = last ? null : document.dir === "rtl" && !e.closest("svg") ? "ArrowLeft" : "ArrowRight";
    return {number, more, card: inCard ? id(document.querySelector("[aria-expanded=true]")) : null, ledger: !!e.closest("#ledger")};
  };

  // The open card covers no part of its number, and is aligned with where the number begins, unless the edge of the screen is in the way.
  const besides = () => {
    const link = document.querySelector("[aria-expanded=true]"), c = document.getElementById("card").getBoundingClientRect();
    const covered = [...link.getClientRects()].some(r => Math.min(r.bottom, c.bottom) - Math.max(r.top, c.top) > 1 && Math.min(r.right, c.right) - Math.max(r.left, c.left) > 1);
    const r = link.getBoundingClientRect(), rtl = document.dir === "rtl", off = rtl ? c.right - r.right - 12 : c.left - r.left + 12;
    const atEdge = c.left < 9.5 || c.right > document.documentElement.clientWidth - 9.5;
    return [...(covered ? ["the card covers its number"] : []), ...(Math.abs(off) > 2 && !atEdge ? [`the card is ${off} px off`] : [])];
  };

  const visible = (selector, say = e => e.getAttribute("href").slice(3)) => [...document.querySelectorAll(selector)].filter(seen).map(say);

  // On which side tables begin, and lists have their bullets.
  const sides = () => {
    const nearer = (inner, outer) => { const a = inner.getBoundingClientRect(), b = outer.getBoundingClientRect(); return [a.left - b.left, b.right - a.right]; };
    const tables = [...document.querySelectorAll("main table, .annex table")].filter(seen).map(t => { const [l, r] = nearer(t.rows[0].cells[0], t); return l < r ? "left" : "right"; });
    const lists = [...document.querySelectorAll("main :not(.numbers) > :is(ul, ol)")].filter(seen).map(u => { const [l, r] = nearer(u.firstElementChild, u); return l > r ? "left" : "right"; });
    return {tables, lists};
  };

  // What is wrong with how tables are shown: one goes on beside the screen, or a cell of a card does not have the name of its column, or has it in the way of its words.
  const tables = () => [...document.querySelectorAll(".scroll")].filter(seen).flatMap(frame => {
    const faults = frame.scrollWidth > frame.clientWidth + 1 ? [`${frame.ariaLabel} is ${frame.scrollWidth} px wide in ${frame.clientWidth}`] : [];
    const table = frame.firstElementChild, heads = [...table.tHead?.rows[0].cells ?? []];
    if (getComputedStyle(table).display !== "block") return faults;
    for (const cell of table.querySelectorAll("td")) {
      const label = getComputedStyle(cell, "::before"), head = words(heads[cell.cellIndex].textContent), room = parseFloat(getComputedStyle(cell)[document.dir === "rtl" ? "paddingRight" : "paddingLeft"]);
      if (!seen(cell) || heard(cell)) continue;
      if (words(JSON.parse(label.content.split(" / ")[0])) !== head) faults.push(`${name(cell)} is named ${label.content}, not “${head}”`);
      if (parseFloat(label.width) > room) faults.push(`the name of ${name(cell)} is ${label.width} wide in ${room}`);
    }
    return faults;
  });

  window.measure = {tables, layout, labels, card, focus, besides, visible, sides};
})();
