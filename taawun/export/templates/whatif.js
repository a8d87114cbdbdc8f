(() => {
  const given = JSON.parse(document.getElementById("what-if").textContent), rows = given.numbers, ways = given.readings, style = given.signs;
  const one = selector => document.querySelector(selector);
  const { abs, floor, ceil, max, min, log10, pow } = Math, { entries, keys } = Object;
  let edits = {}, known = {}, printed = null;
  const taken = [], changed = [], first = {};
  {# A number is [best, low, high]; the operations are monotonic in each argument. #}
  const operations = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": pow };
  const isName = tree => typeof tree == "string";
  const computed = tree => {
    if (isName(tree)) return number(tree)[0];
    if (!tree.map) return [tree, tree, tree];
    const [sign, ...rest] = tree;
    const sides = rest.map(computed);
    const f = operations[sign], [a, b] = sides;
    const ends = sign == "hull" ? sides.flat() : a.flatMap(one => b.map(other => f(one, other)));
    if (sign == "/" && b[1] <= 0 && b[2] >= 0 || sign == "^" && a[1] < 0 || sides.some(side => isNaN(side[0]))) return [NaN, NaN, NaN];
    const real = ends.filter(end => !isNaN(end));
    return [ends[0], min(...real), max(...real)];
  };
  const number = name => known[name] ??= (() => {
    const [[best = NaN, low = best, high = best], unit, hedge, tree] = rows[name];
    let [ends, words] = edits[name] ?? [tree ? computed(tree) : [best, low, high], isName(tree) ? number(tree)[2] : hedge];
    for (const puts of taken) {
      const rule = !tree && (puts[name] ?? puts[words]), [v, l, h] = ends;
      if (rule == "exact") ends = [v, v, v];
      if (rule == "open") ends = h > v ? [v, l, Infinity] : [v, -Infinity, h];
    }
    const row = ends => [ends, unit, words, isName(tree) ? 0 : tree];
    const rival = taken.map(puts => puts[name]).findLast(tree => tree && tree != "exact");
    known[name] = row(ends);
    return rival ? row(computed(rival)) : known[name];
  })();
  {# The readings: which choices lie below some names, and every way to take them. #}
  const named = tree => tree?.flatMap?.(named) ?? (Object.hasOwn(rows, tree) ? [tree] : []);
  const lineage = (names, changed) => {
    const met = new Set(names);
    for (const name of met) named([rows[name][3], changed && ways.map(options => options.map(([, puts]) => puts[name]))]).forEach(met.add, met);
    return [...met];
  };
  const choices = names => {
    const met = lineage(names, true), keys = [...met, ...met.map(name => number(name)[2])];
    return [...ways.keys()].filter(i => ways[i].some(([, puts]) => keys.some(key => key in puts)));
  };
  const each = ([choice, ...rest], visit, even = true) => {
    known = {};
    if (choice == null) visit(even);
    else for (const [is, puts] of ways[choice]) { taken.push(puts); each(rest, visit, even && is); taken.pop(); }
    known = {};
  };
  {# What it is most worth to know: the figure without whose room and rivals a number is narrowest. #}
  const width = (name, open) => {
    const ends = [];
    each(open, () => ends.push(...number(name)[0].filter(isFinite)));
    return ends.length && max(...ends) - min(...ends);
  };
  const loosest = name => {
    const puts = (choice, meets) => ways[choice].some(([, puts]) => entries(puts).some(meets));
    const open = choices([name]).filter(choice => puts(choice, ([, tree]) => !/^(exact|open)$/.test(tree)));
    let narrow = width(name, open) * (1 - 1e-11), found = null;
    for (const figure of lineage([name]).filter(part => !rows[part][3]).sort()) {
      taken.push({ [figure]: "exact" });
      const left = width(name, open.filter(choice => !puts(choice, ([part]) => part == figure)));
      taken.pop();
      if (left < narrow) narrow = left * (1 - 1e-11), found = figure;
    }
    known = {};
    return found;
  };
  {# How a number is written: never more certain than its bounds. #}
  const plain = best => (abs(best) < 1e-6 ? 0 : best) + "";
  const rounded = (best, places) => {
    let [whole, part = ""] = plain(abs(best)).split(".");
    part = part.padEnd(places + 1, "0");
    const rest = part.slice(places);
    let kept = BigInt(whole + part.slice(0, places));
    if (rest[0] > 5 || rest[0] == 5 && (/[1-9]/.test(rest.slice(1)) || kept % 2n)) kept++;
    const text = String(kept).padStart(places + 1, "0"), end = text.length - places;
    return (best < 0 && kept ? "-" : "") + text.slice(0, end) + (places ? "." + text.slice(end) : "");
  };
  const local = text => {
    const [whole, part] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, style.group) + (part ? style.decimal + part : "");
  };
  const put = (pattern, ...texts) => texts.reduce((made, text) => made.replace("{}", () => text), pattern);
  const category = best => new Intl.PluralRules(document.documentElement.lang).select(best);
  const isCompact = ([ends, unit], best) => abs(best) >= 1e6 && (ends[1] != ends[2] || unit.includes("M"));
  const digits = ([ends, unit, , tree], best, places) => {
    const exact = local(places == null ? plain(best) : rounded(best, places));
    if (unit == "%") return put(style.percent, exact);
    if (!isCompact([ends, unit], best)) return exact;
    const power = min(12, floor(log10(abs(best)) / 3) * 3), forms = style.compact[power];
    const text = rounded(best / pow(10, power), tree ? 2 : 3).replace(/\.?0+$/, "");
    return put(forms[category(+text)] ?? forms.other, local(text));
  };
  const places = ([[best, low, high], unit]) =>
    low == high && low == rounded(best, 0) && unit != "%" ? 0
      : unit == "1" ? 2 : (unit == "%" || unit.includes("/")) && abs(best) < 1000 ? 1 : 0;
  const stated = q => {
    const [[best, low, high]] = q, fine = places(q);
    if (digits(q, low, fine) == digits(q, high, fine)) return [[best, best], fine];
    const size = max(abs(low), abs(high)), million = size >= 1e6 ? floor(log10(size) / 3) * 3 - 2 : -9;
    const power = max(floor(log10((high - low) / 2)), -fine, million), step = pow(10, power);
    return [[floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step], max(0, -power)];
  };
  const between = (from, to) => from == to ? from : put(style.between, from, to);
  const written = q => {
    const [[best, low, high], , hedge, tree] = q;
    if (hedge == "range") return between(digits(q, low), digits(q, high));
    if (!tree) return put(style.hedges[hedge] ?? "{}", digits(q, best));
    const [rounded, fine] = stated(q);
    return between(...rounded.map(end => digits(q, end, fine)));
  };
  const forms = {
    unit: (q, name) => {
      const unit = style.units.find(([, names]) => names.includes(name)), text = written(q);
      const words = unit?.[0].map(part => isName(part) ? part : piece([name, part])).join("");
      return !unit ? text : style.alone.includes(text) ? words : text + " " + words;
    },
    "": written,
    about: q => {
      const [[best, low, high], , hedge] = q;
      if (!best || /^at_/.test(hedge)) return written(q);
      const power = floor(log10(abs(best))) - 1, step = pow(10, power);
      const near = rounded(best / step, 0) * step, far = max(near - low, high - near) / step;
      return far > 1e-9 && far < 1 - 1e-9 ? put(style.hedges.about, digits(q, near, max(0, -power))) : written(q);
    },
    least: q => {
      const [[, low, high]] = q, fine = places(q), fold = pow(10, fine);
      return low == high ? written(q) : put(style.hedges.least, digits(q, floor(low * fold + 1e-9) / fold, fine));
    },
  };
  const print = (name, form) => isNaN(number(name)[0][0]) ? "–" : forms[form](number(name), name);
  {# In a sentence per cent is said in words, where the language has them. #}
  const spoken = text => style.per_cent && /%/.test(text) ? put(style.per_cent, text.replace(/\s?%/g, "")) : text;
  {# Which of a sentence's alternatives stands, with which words, and in how many readings. #}
  const gap = ([, left, right]) => {
    const a = computed(left), b = computed(right), slack = 1e-9 * max(0, ...[...a, ...b].filter(isFinite).map(abs));
    return [a[1] - b[2], a[2] - b[1]].map(end => abs(end) <= slack ? 0 : end);
  };
  const holds = condition => {
    const [low, high] = gap(condition), meets = low <= 0 && high >= 0;
    return { ">": low > 0, ">=": low >= 0, "<": high < 0, "<=": high <= 0, "==": !low && !high, "~": meets, "!~": low > 0 || high < 0 }[condition[0]];
  };
  const chosen = part => {
    const [low, high] = gap(part), words = part[3];
    return low > 0 ? words[0] : high < 0 ? words.at(-1) : words.length > 2 && !isNaN(low) ? words[1] : null;
  };
  const piece = part => {
    if (part.of) { const found = loosest(part.of); return found && [found, "", part[found]]; }
    if (isName(part) || part.length == 2 && isName(part[1])) return part;
    if (part.length > 2) return chosen(part);
    const q = number(part[0]), [ends, , hedge, tree] = q, [rough, fine] = tree ? stated(q) : [ends];
    const best = tree ? +rounded(rough[1], fine) : ends[hedge == "range" ? 2 : 0];
    return part[1][category(isCompact(q, best) ? 1e6 : best)] ?? part[1].other;
  };
  const sure = ([pieces, tests, names, about], said) => {
    const counts = [0, 0, 0, 0];
    each(choices(names).filter(choice => !about.includes(choice)), even => {
      const good = tests.every(holds) && pieces.every((part, i) => !part.pop || part.length < 4 || chosen(part) == said[i]);
      if (even) counts[0] += good, counts[1]++;
      counts[2] += good;
      counts[3]++;
    });
    const some = counts[2] < counts[3];
    return counts[3] < 2 ? "" : ` *${put(style.holds[+some], ...counts.slice(some ? 0 : 2))}*`;
  };
  const spread = name => {
    const found = [], [[exact], unit, , tree] = number(name);
    each(choices([name]), () => found.push(number(name)[0][0]));
    const values = found.filter(best => !isNaN(best)), [from, to] = [min, max].map(end => end(...values)).map(best => written([[best, best, best], unit, "", tree]));
    return from == to || isName(rows[name][3]) || isNaN(exact) ? "" : put(style.spread, values.length, between(from, to));
  };
  const markup = text => text.replace(/\*\*(.*?)\*\*/g, "<strong>$1</strong>").replace(/\*(.*?)\*/g, "<em>$1</em>");
  const html = said => markup(said.map((part, i) => {
    if (isName(part)) return part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`);
    const isAlone = /\*\*$/.test(said[i - 1]) && /^\*\*/.test(said[i + 1]);
    const text = part[2] ?? (isAlone ? String : spoken)(print(...part));
    return `<a class="n" href="#n-${part[0]}">${mark((first[part] ??= text) != text, text)}</a>`;
  }).join(""));
  const sentence = (some, noted) => {
    for (const one of some) {
      if (!one.length || !one[1].every(holds)) continue;
      const said = one[0].map(piece);
      if (said.includes(null) || said.some(part => part.pop && !part[2] && print(...part) == "–")) continue;
      return [html(said), said + "", noted && (one[1].length || one[0].some(part => part.length > 3 && part.pop)) ? sure(one, said) : ""];
    }
    return [];
  };
  const mark = (is, text) => is ? `<ins>${text}</ins>` : text;
  const all = selector => [...document.querySelectorAll(selector)];
  const say = (kind, sentences) => sentences.map(some => sentence(some, kind == "headlines"));
  const set = (element, html) => { changed.push([element, element.innerHTML]); element.innerHTML = html; };
  const block = ([kind, sentences], i) => {
    const found = say(kind, sentences), before = printed[i];
    if (found.every((one, i) => one.slice(1) + "" == before[i].slice(1))) return;
    const shown = found.map(([html, key, note], i) => {
      const [gone, was, noted] = before[i];
      return key ? mark(key != was, html) + mark(note && note != noted, markup(note)) : was ? `<del>${gone}</del>` : "";
    }).filter(Boolean);
    for (const element of all(`[data-w="${i}"]`)) set(element, /li/.test(kind) ? shown.map(text => `<li>${text}</li>`).join("\n") : shown.join(" "));
  };
  {# The page as it was printed, to which Reset and printing return. #}
  const restore = () => {
    for (const [element, before] of changed.splice(0).reverse()) element.innerHTML = before;
    banner.remove();
  };
  const find = () => all("a.n, #ledger .value bdi").flatMap(a => {
    const name = (a.getAttribute("href") ?? a.closest("article").id).replace(/#?n-/, ""), text = a.textContent;
    if (!rows[name]) return [];
    for (const form in forms) for (const said of [String, spoken]) {
      const now = said(print(name, form));
      if (text.startsWith(now)) return [[a, name, form, said, text, text.slice(now.length)]];
    }
    return [];
  });
  const spreads = () => all("#ledger .readings").forEach(line => {
    const name = line.parentNode.id.slice(2);
    if (!rows[name] || !lineage([name], true).some(part => edits[part])) return;
    const now = spread(name);
    if (line.textContent != now) set(line, mark(now, now));
  });
  const banner = document.createElement("div");
  banner.id = "what-if-banner";
  banner.role = "status";
  banner.innerHTML = `<strong>{{ _("Not what was printed") | in_script }}</strong> <span></span> <button>{{ _("Reset") | in_script }}</button>`;
  {# The card stands in the text, which is written anew: it is taken out and put back. #}
  const around = work => {
    const card = one("#card"), focus = document.activeElement;
    const link = card?.previousElementSibling, block = card?.closest("[data-w]");
    if (!block) return work();
    card.remove();
    work();
    (block.querySelector(`a[href="${link.getAttribute("href")}"]`) ?? block.lastChild).after(card);
    card.showPopover?.();
    focus.focus();
  };
  const show = () => around(() => {
    restore();
    const kept = edits;
    edits = {};
    known = {};
    printed ??= given.blocks.map(block => say(...block));
    const anchors = find();
    edits = kept;
    known = {};
    if (!keys(edits).length) return;
    given.blocks.forEach(block);
    for (const [a, name, form, said, text, rest] of anchors) {
      const now = said(print(name, form)) + rest;
      if (now != text && a.isConnected) set(a, mark(now, now));
    }
    spreads();
    banner.querySelector("span").textContent = keys(edits).map(name => `${one(`#n-${name} h3`).textContent}: ${print(name, "")}`).join("; ");
    document.body.prepend(banner);
  });
  {# A number and at most one hedge, read as in a build; nothing for any other words. #}
  const read = (unit, typed) => {
    const text = typed.normalize().toLowerCase().replace(/\p{Cf}/gu, "").replace(/[٠-٩]/g, d => d.charCodeAt() - 1632).replace("٪", "%").replace(/\s+/g, " ").trim();
    const [, before, number, sign, after] = text.match(/^(\D*?) ?(\d[\d., '٬٫]{0,17}\d|\d) ?(%?) ?(\D*)$/) ?? [], words = before || after;
    const hedge = words ? keys(style.hedging).find(hedge => style.hedging[hedge].includes(words)) : "";
    const forms = [/^[1-9]\d{0,2}([., '٬])\d{3}(?:\1\d{3})*(?:(?!\1)[.,٫](\d+))?$/, /^(?!0\d)\d+(?:[.,٫](\d+))?$/];
    const found = (unit == "%" ? forms.reverse() : forms).map(form => form.exec(number)).find(Boolean), part = found?.at(-1) ?? "";
    if (!found || hedge == null || before && after || sign && unit != "%" || part && !unit) return;
    const place = pow(10, -part.length), best = number.replace(/\D/g, "") / pow(10, part.length);
    const [first, power] = best.toExponential().split("e");
    const step = hedge ? max(pow(10, power - max(1, first.length - 2)), place) : unit == "%" || part ? place : 0;
    const [below, above] = style.reach[hedge];
    return [[best, best - below * step, best + above * step].map(end => +end.toPrecision(15)), hedge, typed];
  };
  const edit = (name, typed) => {
    if (!Object.hasOwn(rows, name) || rows[name][3]) return;
    const found = read(rows[name][1][0] ?? "", typed);
    if (found) edits[name] = found; else delete edits[name];
    return found || !typed.trim();
  };
  const keep = () => history.replaceState(null, "", "#" + (keys(edits).length ? "what-if=" : "") + entries(edits).map(([name, [, , typed]]) => `${name}:${encodeURIComponent(typed)}`));
  const begin = () => {
    const [, asked] = location.hash.match(/^#what-if=(.*)$/) ?? [];
    if (asked == null) return;
    edits = {};
    for (const pair of asked.split(",")) { const [name, typed = ""] = pair.split(":"); edit(name, decodeURIComponent(typed)); }
    show();
  };
  const ask = ({ target }) => {
    const name = target.dataset.whatIf, good = name && edit(name, target.value);
    if (!name) return;
    target.ariaInvalid = !good;
    show();
    keep();
  };
  const press = ({ target }) => {
    const rival = target.closest?.("[data-other]");
    if (rival) {
      const field = rival.parentNode.querySelector("input");
      field.value = rival.dataset.other;
      ask({ target: field });
    } else if (target.closest?.("#what-if-banner button")) {
      edits = {};
      all("[data-what-if]").forEach(field => field.value = "");
      show();
      keep();
    }
  };
  entries({ input: ask, click: press, beforeprint: restore, afterprint: show, hashchange: begin }).forEach(pair => addEventListener(...pair));
  for (const [name, [, , , tree]] of entries(rows)) {
    const entry = one("#n-" + name);
    if (tree || !entry?.querySelector("blockquote")) continue;
    const [text, other] = given.others[name] ?? [];
    entry.querySelector(".uses").insertAdjacentHTML("beforebegin", `<p class="what-if-field"><label>{{ _("What if this number were another?") | in_script }} <input autocomplete="off" data-what-if="${name}"></label>${text ? ` <button data-other="${other}"><bdi>${text}</bdi></button>` : ""} <small role=alert>{{ _("Understood here: a number, and with it words such as “about” or “more than”.") | in_script }}</small></p>`);
  }
  begin();
})();
