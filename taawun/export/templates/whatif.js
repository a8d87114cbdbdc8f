(() => {
  const given = JSON.parse(document.getElementById("what-if").textContent), quantities = given.numbers, ways = given.readings, style = given.signs;
  const all = selector => [...document.querySelectorAll(selector)], one = selector => all(selector)[0];
  const [banner, question] = one("#what-if-parts").content.children, [, list, refusal] = banner.children;
  const { abs, floor, ceil, max, min, log10 } = Math, { entries, keys } = Object;
  let edits = {}, known = {}, taken = [], changed = [], first = {}, printed, refused;
  {# A number is [best, low, high]; the operations are monotonic in each argument. #}
  const operations = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": (a, b) => a ** b },
    isName = tree => typeof tree == "string";
  const computed = tree => {
    if (isName(tree)) return number(tree)[0];
    if (!tree.map) return [tree, tree, tree];
    const [sign, ...rest] = tree, sides = rest.map(computed), f = operations[sign], [a, b] = sides;
    {# "More than 30,000" is as true of much more. #}
    if (sign == "open") return number(rest[0])[2] == "at_least" && /^.0*$/.test(a[0]) ? [a[0], a[1], max(a[2], b[2])] : a;
    const ends = sign == "hull" ? sides.flat() : a.flatMap(one => b.map(second => f(one, second)));
    const cannot = sign == "/" ? b[1] <= 0 && b[2] >= 0 : sign == "^" && a[1] < 0;
    refused ||= cannot && !taken.length;
    if (cannot || sides.some(side => isNaN(side[0]))) return [NaN, NaN, NaN];
    const real = ends.filter(end => !isNaN(end));
    return [ends[0], min(...real), max(...real)];
  };
  const number = name => known[name] ??= (() => {
    const [[best = NaN, low = best, high = best], counted = "", hedge = "", tree] = quantities[name];
    let [ends, words] = edits[name] ?? [tree ? computed(tree) : [best, low, high], isName(tree) ? number(tree)[2] : hedge];
    for (const puts of taken) {
      const rule = !tree && (puts[name] ?? puts[words]), [v, l, h] = ends;
      if (rule == "exact") ends = [v, v, v];
      if (rule == "open") ends = h > v ? [v, l, Infinity] : [v, -Infinity, h];
    }
    const row = ends => [ends, counted, words, isName(tree) ? 0 : tree];
    const rival = taken.map(puts => puts[name]).findLast(tree => tree && tree != "exact");
    known[name] = row(ends);
    return rival ? row(computed(rival)) : known[name];
  })();
  {# The readings: which choices lie below some names, and every way to take them. #}
  const named = tree => tree?.flatMap?.(named) ?? (quantities[tree]?.map ? [tree] : []);
  const lineage = (names, changed) => {
    const met = new Set(names);
    for (const name of met) named([quantities[name][3], changed && ways.map(options => options.map(([, puts]) => puts[name]))]).forEach(met.add, met);
    return [...met];
  };
  const choices = names => {
    const met = lineage(names, true), keys = [...met, ...met.map(name => number(name)[2])];
    return [...ways.keys()].filter(i => ways[i].some(([, puts]) => keys.some(key => key in puts)));
  };
  const each = ([choice, ...rest], visit, even = true) => {
    known = {};
    if (choice == null) visit(even);
    else for (const [is, puts] of ways[choice]) { taken.push(puts); each(rest, visit, even && is); taken.pop(); known = {}; }
  };
  {# What it is most worth to know: the figure without whose room and rivals a number is narrowest. #}
  const width = (name, open) => {
    const ends = [];
    each(open, () => ends.push(...number(name)[0].filter(isFinite)));
    return max(...ends) - min(...ends);
  };
  const loosest = name => {
    const puts = (choice, meets) => ways[choice].some(([, puts]) => entries(puts).some(meets)),
      open = choices([name]).filter(choice => puts(choice, ([, tree]) => !/^(exact|open)$/.test(tree)));
    let narrow = width(name, open) * (1 - 1e-11), found = null;
    for (const figure of lineage([name]).filter(part => !quantities[part][3]).sort()) {
      taken.push({ [figure]: "exact" });
      const left = width(name, open.filter(choice => !puts(choice, ([part]) => part == figure)));
      taken.pop();
      if (left < narrow) narrow = left * (1 - 1e-11), found = figure;
    }
    known = {};
    return found;
  };
  {# How a number is written: never more certain than its bounds. #}
  const order = (size, by = 1) => floor(log10(abs(size)) / by) * by,
    plain = best => (abs(best) < 1e-6 ? 0 : best) + "";
  const rounded = (best, places) => new Intl.NumberFormat("en", { ...style.rounding, minimumFractionDigits: places, maximumFractionDigits: places }).format(plain(best));
  const local = text => {
    const [whole, part] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, style.group) + (part ? style.decimal + part : "");
  };
  const put = (pattern, ...texts) => texts.reduce((made, text) => made.replace("{}", () => text), pattern),
    category = (best, fine) => fine && style.alone.includes(best + "") ? "other" : new Intl.PluralRules(one("html").lang, { minimumFractionDigits: fine }).select(best),
    isCompact = ([ends, counted], best) => abs(best) >= 1e6 && (ends[1] != ends[2] || counted.includes("M"));
  const digits = ([ends, counted, , tree], best, places) => {
    const exact = local(places + 1 ? rounded(best, places) : plain(best));
    if (counted == "%") return put(style.percent, exact);
    if (!isCompact([ends, counted], best)) return exact;
    const power = min(max(...keys(style.compact)), order(best, 3)), forms = style.compact[power],
      text = rounded(best / 10 ** power, tree ? 2 : 3).replace(/\.?0+$/, "");
    return put(forms[category(+text, 0)] ?? forms.other, local(text));
  };
  const places = ([[best, low, high], counted]) =>
    low == high && low == rounded(best, 0) && counted != "%" ? 0
      : counted == "1" ? 2 : (counted == "%" || counted.includes("/")) && abs(best) < 1000 ? 1 : 0;
  const stated = q => {
    const [[best, low, high]] = q, fine = places(q);
    if (digits(q, low, fine) == digits(q, high, fine)) return [[best, best], fine];
    const size = max(abs(low), abs(high)), million = size >= 1e6 ? order(size, 3) - 2 : -9;
    const power = max(order((high - low) / 2), -fine, million), step = 10 ** power;
    return [[floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step], max(0, -power)];
  };
  const joined = (from, to) => from == to ? from : put(style.between, from, to),
    written = q => {
      const [[best, low, high], , hedge, tree] = q;
      if (hedge == "range") return joined(digits(q, low), digits(q, high));
      if (!tree) return put(style.hedges[hedge] ?? "{}", digits(q, best));
      const [rounded, fine] = stated(q);
      return joined(...rounded.map(end => digits(q, end, fine)));
    };
  const forms = {
    unit: (q, name) => {
      const counted = style.units.find(([, names]) => names.includes(name)), text = written(q);
      const words = counted?.[0].map(part => isName(part) ? part : piece([name, part])).join("");
      return !counted ? text : style.alone.includes(text) ? words : text + " " + words;
    },
    "": written,
    about: q => {
      const [[best, low, high], , hedge] = q;
      if (!best || /^at_/.test(hedge)) return written(q);
      const power = order(best) - 1, step = 10 ** power;
      const near = rounded(best / step, 0) * step, far = max(near - low, high - near) / step;
      return far > 1e-9 && far < 1 - 1e-9 ? put(style.hedges.about, digits(q, near, max(0, -power))) : written(q);
    },
    least: q => {
      const [[, low, high]] = q, fine = places(q), fold = 10 ** fine;
      return low == high ? written(q) : put(style.hedges.least, digits(q, floor(low * fold + 1e-9) / fold, fine));
    },
  };
  const print = (name, form) => isNaN(number(name)[0][0]) ? "–" : forms[form](number(name), name),
  {# In a sentence per cent is said in words, where the language has them. #}
    spoken = text => style.per_cent && /%/.test(text) ? put(style.per_cent, text.replace(/\s?%/g, "")) : text;
  {# Which of a sentence's alternatives stands, with which words, and in how many readings. #}
  const gap = ([, left, right]) => {
    const a = computed(left), b = computed(right), slack = 1e-9 * max(0, ...[...a, ...b].filter(isFinite).map(abs));
    return [a[1] - b[2], a[2] - b[1]].map(end => abs(end) <= slack ? 0 : end);
  },
    isTrue = condition => {
      const [low, high] = gap(condition), meets = low <= 0 && high >= 0;
      return { ">": low > 0, ">=": low >= 0, "<": high < 0, "<=": high <= 0, "==": !low && !high, "~": meets, "!~": low > 0 || high < 0, ">>": computed(condition[1])[0] >= computed(condition[2])[0] }[condition[0]];
    },
    chosen = part => {
      const [low, high] = gap(part), words = part[3];
      return low > 0 ? words[0] : high < 0 ? words.at(-1) : words.length > 2 && !isNaN(low) ? words[1] : null;
    },
    piece = part => {
      if (part.of) { const found = loosest(part.of); return found && [found, "", part[found]]; }
      if (isName(part) || part.length == 2 && isName(part[1])) return part;
      if (part.length > 2) return chosen(part);
      const q = number(part[0]), [ends, , hedge, tree] = q, [rough, fine = 0] = tree ? stated(q) : [ends];
      const best = tree ? +rounded(rough[1], fine) : ends[hedge == "range" ? 2 : 0];
      return part[1][category(isCompact(q, best) ? 1e6 : best, fine)] ?? part[1].other;
    };
  const sure = ([pieces, tests, names, subject], said) => {
    const counts = [0, 0, 0, 0];
    each(choices(names).filter(choice => !subject.includes(choice)), even => {
      const good = tests.every(isTrue) && pieces.every((part, i) => !part.pop || part.length < 4 || chosen(part) == said[i]);
      if (even) counts[0] += good, counts[1]++;
      counts[2] += good;
      counts[3]++;
    });
    const several = counts[2] < counts[3];
    return counts[3] < 2 ? "" : ` *${put(style.holds[+several], ...counts.slice(several ? 0 : 2))}*`;
  };
  const spanned = name => {
    const found = [], [[exact], counted, , tree] = number(name);
    each(choices([name]), () => found.push(number(name)[0][0]));
    const values = found.filter(best => !isNaN(best)), [from, to] = [min, max].map(end => end(...values)).map(best => written([[best, best, best], counted, "", tree]));
    return from == to || isName(quantities[name][3]) || isNaN(exact) ? "" : put(style.spread, values.length, joined(from, to));
  };
  const markup = text => text.replace(/\*\*(.*?)\*\*/g, "<strong>$1</strong>").replace(/\*(.*?)\*/g, "<em>$1</em>"),
    html = (said, spell) => markup(said.map((part, i) => {
      if (isName(part)) return part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`);
      const isAlone = /\*\*$/.test(said[i - 1]) && /^\*\*/.test(said[i + 1]);
      const text = part[2] ?? (isAlone ? String : spell)(print(...part));
      return `<a class="n" href="#n-${part[0]}">${mark((first[part] ??= text) != text, text)}</a>`;
    }).join(""));
  const sentence = (several, noted) => {
    for (const one of several) {
      if (!one.length || !one[1].every(isTrue)) continue;
      const said = one[0].map(piece);
      if (said.includes(null) || said.some(part => part.pop && !part[2] && print(...part) == "–")) continue;
      return [html(said, spoken), said + "", noted && (one[1].length || one[0].some(part => part.length > 3 && part.pop)) ? sure(one, said) : ""];
    }
    return [];
  };
  const mark = (is, text) => is ? `<ins>${text}</ins>` : text,
    say = (kind, sentences) => sentences.map(several => sentence(several, kind == "headlines")),
    set = (element, html) => { changed.push([element, element.innerHTML]); element.innerHTML = html; };
  const block = ([kind, sentences], i) => {
    const found = say(kind, sentences), earlier = printed[i];
    if (found.every((one, i) => one.slice(1) + "" == earlier[i].slice(1))) return;
    const shown = found.map(([html, key, note], i) => {
      const [gone, was, noted] = earlier[i];
      return key ? mark(key != was, html) + mark(note && note != noted, markup(note)) : was ? `<del>${gone}</del>` : "";
    }).filter(Boolean);
    for (const element of all(`[data-w="${i}"]`)) set(element, /li/.test(kind) ? shown.map(text => `<li>${text}</li>`).join("\n") : shown.join(" "));
  };
  {# Rows of tables: what stands in their last cells, if it is not what was printed. #}
  const row = ([links, several]) => {
    const contents = several.find(([tests]) => tests.every(isTrue))?.[1] ?? [], line = all("tr").find(line => [...line.querySelectorAll("a.n")].map(a => a.hash.slice(3)) + "" == links);
    contents.forEach((said, i) => set([...line.cells].at(i - contents.length), mark(1, html(said.map(piece), String))));
  };
  const entitle = () => document.title = one("h1").textContent,
  {# The page as it was printed, to which Reset and printing return. #}
    restore = () => {
      for (const [element, earlier] of changed.splice(0).reverse()) element.innerHTML = earlier;
      entitle();
    };
  const find = () => all("a.n, #ledger .value bdi").flatMap(a => {
    const name = (a.hash ?? "#" + a.closest("article").id).slice(3), text = a.textContent;
    if (!quantities[name]) return [];
    for (const form in forms) for (const said of [String, spoken]) {
      const again = () => said(print(name, form)), rest = text.slice(again().length);
      if (again() + rest == text) return [() => {
        const now = again() + rest;
        if (now != text) set(a, mark(now, now));
      }];
    }
    return [];
  });
  const spreads = () => all("#ledger .readings").forEach(line => {
    const name = line.parentNode.id.slice(2);
    if (!quantities[name] || !lineage([name], true).some(part => edits[part])) return;
    const now = spanned(name);
    if (line.textContent != now) set(line, mark(now, now));
  });
  {# The card stands in the text, which is written anew: it is taken out and put back. #}
  const around = work => {
    const card = one("#card"), focused = document.activeElement, link = card?.previousElementSibling, block = card?.closest("[data-w]");
    if (!block) return work();
    card.remove();
    work();
    (block.querySelector(`a[href="${link.hash}"]`) ?? block.lastChild).after(card);
    card.showPopover?.();
    focused.focus();
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
    refused = 0;
    all("input").forEach(field => field.defaultValue = edits[field.dataset.of]?.[2] ?? "");
    if (!keys(edits).length) return banner.remove();
    given.blocks.forEach(block);
    given.rows.forEach(row);
    anchors.forEach(renew => renew());
    spreads();
    [...keys(quantities), ...given.divided.map(tree => ["/", 1, tree])].forEach(computed);
    refusal.hidden = !refused;
    list.innerText = keys(edits).map(name => `${all(`#n-${name} :is(h3, .when)`).map(e => e.innerText).join(" ")}: ${print(name, "")}`).join("; ");
    entitle();
    banner.isConnected || one("body").prepend(banner);
  });
  {# A number and at most one hedge, of money also its currency, read as in a build; nothing for any other words, and none where the language of a hedge decides about a mark. #}
  const read = (counted, typed) => {
    const text = typed.normalize().toLowerCase().replace(/\p{Cf}/gu, "").replace(/[٠-٩]/g, d => d.charCodeAt() - 1632).replace("٪", "%").replace("’", "'").replace(/\s+/g, " ").trim(),
      [, earlier, number, sign, later = ""] = text.match(/^(\D*?) ?(\d[\d., '٬٫]{0,17}\d|\d) ?(%?) ?(\D*)$/) ?? [],
      tail = later.split(" ").filter(word => counted != "M" || !style.currency.includes(word)).join(" "), words = earlier || tail,
      hedge = words ? keys(style.hedging).find(hedge => style.hedging[hedge].includes(words)) : "",
      forms = [/^[1-9]\d{0,2}([., '٬])\d{3}(?:\1\d{3})*(?:(?!\1)[.,٫](\d+))?$/, /^(?!0\d)\d+(?:[.,٫](\d+))?$/],
      found = (counted == "%" ? forms.reverse() : forms).map(form => form.exec(number)).find(Boolean), part = found?.at(-1) ?? "";
    if (!found || hedge == null || earlier && tail || sign && counted != "%" || part && !counted || /[a-z]/.test(text) && /[ء-ي]/.test(text) || counted == "M" && hedge && /^\d+[.,]\d{3}$/.test(number)) return;
    const place = 10 ** -part.length, best = number.replace(/\D/g, "") / 10 ** part.length,
      [first, power] = best.toExponential().split("e"),
      step = hedge ? max(10 ** (power - max(1, first.length - 2)), place) : counted == "%" || part ? place : 0,
      [below, above] = style.reach[hedge];
    return [[best, best - below * step, best + above * step].map(end => +end.toPrecision(15)), hedge, typed];
  };
  const edit = (name, typed) => {
    if (!quantities[name]?.map || quantities[name][3]) return;
    const found = read(quantities[name][1]?.[0] ?? "", typed), [best, low] = found?.[0] ?? [],
      fits = found && !(style.shares.includes(name) && (best > 100 || low >= 100));
    if (fits) edits[name] = found; else delete edits[name];
    return fits || !typed.trim();
  };
  const answer = () => {
    show();
    history.replaceState(null, "", "#" + (keys(edits).length ? "what-if=" : "") + entries(edits).map(([name, [, , typed]]) => `${name}:${encodeURIComponent(typed)}`));
    all(".languages a").forEach(a => a.hash = location.hash);
  };
  const begin = () => {
    {# A section keeps the question; an address without any, to which Back may lead, has none. #}
    const asked = location.hash.split("#what-if=")[1] ?? (location.hash || !keys(edits).length ? null : "");
    if (asked == null) return;
    edits = {};
    new URLSearchParams(asked.replace(/,(?=\w+:)/g, "&").replace(/:/g, "=")).forEach((typed, name) => edit(name, typed));
    answer();
  };
  const ask = field => {
    field.ariaInvalid = !edit(field.dataset.of, field.value);
    answer();
  };
  const press = ({ target }) => {
    const button = target.closest("button"), field = button?.parentNode.querySelector("input"), [name] = keys(edits);
    if (field) {
      field.value = button.value;
      ask(field);
    } else if (button) {
      edits = {};
      all("input").forEach(field => field.value = "");
      answer();
      one(`a[href="#n-${name}"]`).focus({ preventScroll: true });
    }
  };
  entries({ input: ({ target }) => ask(target), click: press, beforeprint: () => restore(banner.remove()), afterprint: show, hashchange: begin }).forEach(pair => addEventListener(...pair));
  for (const [name, [, , , tree]] of entries(quantities)) {
    const entry = one("#n-" + name);
    if (tree || !entry?.querySelector("blockquote")) continue;
    const asked = question.cloneNode(true), [label, rival] = asked.children, [text, second] = given.others[name] ?? [];
    label.lastChild.dataset.of = name;
    if (text) rival.value = second, rival.firstChild.innerHTML = text; else rival.remove();
    entry.querySelector(".uses").before(asked);
  }
  begin();
})();
