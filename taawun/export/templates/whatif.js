(() => {
  const data = document.getElementById("what-if");
  if (!data) return;
  const { blocks, numbers, others, readings, signs } = JSON.parse(data.textContent);
  const root = document.documentElement;
  const edits = {};
  const anchors = [];
  const { abs, floor, ceil, max, min, log10, pow } = Math, { entries, keys } = Object;
  let known = {};
  const taken = [];
  {# A number is [value, low, high]; the operations are monotonic in each argument. #}
  const operations = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": pow };
  const computed = tree => {
    if (typeof tree == "number") return [tree, tree, tree];
    if (typeof tree == "string") return number(tree).ends;
    const [sign, ...rest] = tree;
    if (sign == "±") { const [v, l, h] = computed(rest[0]); return [v, l - rest[1], h + rest[1]]; }
    const sides = rest.map(computed);
    if (sign == "hull") return [sides[0][0], min(...sides.map(s => s[1])), max(...sides.map(s => s[2]))];
    const f = operations[sign], [a, b] = sides, value = f(a[0], b[0]);
    if (sign == "/" && b[1] <= 0 && b[2] >= 0) return [NaN, NaN, NaN];
    const ends = [f(a[1], b[1]), f(a[1], b[2]), f(a[2], b[1]), f(a[2], b[2])];
    return [value, min(value, ...ends), max(value, ...ends)];
  };
  const number = name => known[name] ??= (() => {
    let [value, [low, high] = [], unit, hedge, tree] = numbers[name];
    let q = { unit, hedge, tree };
    if (edits[name]) q = { unit, hedge: "", ends: edits[name] };
    else if (tree) q.ends = computed(tree);
    else q.ends = value == null ? [NaN, NaN, NaN] : [value, low === null ? -Infinity : low ?? value, high === null ? Infinity : high ?? value];
    if (typeof tree == "string") q.hedge = number(tree).hedge, q.tree = 0;
    const [v, l, h] = q.ends;
    for (const puts of taken) {
      const rule = !tree && puts[q.hedge];
      if (rule == "exact") q.ends = [v, v, v];
      if (rule == "open") q.ends = h > v ? [v, l, Infinity] : [v, -Infinity, h];
    }
    for (const puts of taken) if (puts[name]) {
      known[name] = q;
      q = { ...q, ends: computed(puts[name]) };
      break;
    }
    return q;
  })();
  {# How a number is written: never more certain than its bounds. #}
  const plain = value => {
    const text = String(value), [digits, power] = text.split("e-");
    return power ? "0." + "0".repeat(power - 1) + digits.replace(".", "") : text;
  };
  const rounded = (value, places) => {
    let [whole, part = ""] = plain(abs(value)).split(".");
    part = part.padEnd(places + 1, "0");
    const rest = part.slice(places);
    let kept = BigInt(whole + part.slice(0, places));
    if (rest[0] > 5 || rest[0] == 5 && (/[1-9]/.test(rest.slice(1)) || kept % 2n)) kept++;
    const text = String(kept).padStart(places + 1, "0"), end = text.length - places;
    return (value < 0 && kept ? "-" : "") + text.slice(0, end) + (places ? "." + text.slice(end) : "");
  };
  const local = text => {
    const [whole, part] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, signs.group) + (part ? signs.decimal + part : "");
  };
  const put = (pattern, ...texts) => texts.reduce((made, text) => made.replace("{}", () => text), pattern);
  const category = value => new Intl.PluralRules(root.lang).select(value);
  const isCompact = ({ unit, ends }, value) => abs(value) >= 1e6 && (ends[1] != ends[2] || unit.includes("M"));
  const digits = ({ unit, ends, tree }, value, places) => {
    const exact = local(places == null ? plain(value) : rounded(value, places));
    if (unit == "%") return put(signs.percent, exact);
    if (!isCompact({ unit, ends }, value)) return exact;
    const power = min(12, floor(log10(abs(value)) / 3) * 3), forms = signs.compact[power];
    const text = rounded(value / pow(10, power), tree ? 2 : 3).replace(/\.?0+$/, "");
    return put(forms[category(+text)] ?? forms.other, local(text));
  };
  const places = ({ unit, ends: [value, low, high] }) =>
    low == high && low == rounded(value, 0) && unit != "%" ? 0
      : unit == "1" ? 2 : (unit == "%" || unit.includes("/")) && abs(value) < 1000 ? 1 : 0;
  const stated = q => {
    const [value, low, high] = q.ends, fine = places(q);
    if (digits(q, low, fine) == digits(q, high, fine)) return [[value, value], fine];
    const size = max(abs(low), abs(high)), million = size >= 1e6 ? floor(log10(size) / 3) * 3 - 2 : -9;
    const power = max(floor(log10((high - low) / 2)), -fine, million), step = pow(10, power);
    return [[floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step], max(0, -power)];
  };
  const written = q => {
    const [value, low, high] = q.ends;
    if (q.hedge == "range") return put(signs.between, digits(q, low), digits(q, high));
    if (!q.tree) return put(signs.hedges[q.hedge] ?? "{}", digits(q, value));
    const [ends, fine] = stated(q), [from, to] = ends.map(end => digits(q, end, fine));
    return from == to ? from : put(signs.between, from, to);
  };
  const forms = {
    "": written,
    about: q => {
      const [value, low, high] = q.ends;
      if (!value || /^at_/.test(q.hedge)) return written(q);
      const power = floor(log10(abs(value))) - 1, step = pow(10, power);
      const near = rounded(value / step, 0) * step, far = max(near - low, high - near) / step;
      return far > 1e-9 && far < 1 - 1e-9 ? put(signs.hedges.about, digits(q, near, max(0, -power))) : written(q);
    },
    least: q => {
      const low = q.ends[1], fine = places(q), fold = pow(10, fine);
      return low == q.ends[2] ? written(q) : put(signs.hedges.least, digits(q, floor(low * fold + 1e-9) / fold, fine));
    },
  };
  const print = (name, form) => isNaN(number(name).ends[0]) ? "–" : forms[form](number(name));
  {# In a sentence per cent is said in words, where the language has them. #}
  const inProse = text => signs.per_cent == "{}%" || !text.includes("%") ? text : put(signs.per_cent, text.replace(/\s?%/g, ""));
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
    if (typeof part == "string" || part.length == 2 && typeof part[1] == "string") return part;
    if (part.length > 2) return chosen(part);
    const q = number(part[0]), fine = q.tree && stated(q);
    const value = fine ? +rounded(fine[0][1], fine[1]) : q.ends[q.hedge == "range" ? 2 : 0];
    return part[1][category(isCompact(q, value) ? 1e6 : value)] ?? part[1].other;
  };
  const sure = ([pieces, tests, choices], said) => {
    const counts = [0, 0, 0, 0];
    const each = (rest, even) => {
      if (!rest.length) {
        known = {};
        const good = tests.every(holds) && pieces.every((part, i) => part.length < 4 || typeof part == "string" || chosen(part) == said[i]);
        return [even, true].forEach((is, i) => is && (counts[2 * i] += good, counts[2 * i + 1]++));
      }
      for (const [is, puts] of readings[rest[0]]) { taken.push(puts); each(rest.slice(1), even && is); taken.pop(); }
    };
    each(choices, true);
    known = {};
    return counts[3] < 2 ? "" : ` *${put(...counts[2] == counts[3] ? [signs.holds[0], counts[2], counts[3]] : [signs.holds[1], ...counts])}*`;
  };
  const sentence = (ways, noted) => {
    for (const one of ways) {
      if (!one.length || !one[1].every(holds)) continue;
      const said = one[0].map(piece);
      if (said.includes(null) || said.some(part => part.pop && print(...part) == "–")) continue;
      return { said, key: JSON.stringify(said), note: noted && (one[1].length || one[0].some(part => part.length > 3 && part.pop)) ? sure(one, said) : "" };
    }
    return {};
  };
  const markup = text => text.replace(/\*\*(.*?)\*\*/g, "<strong>$1</strong>").replace(/\*(.*?)\*/g, "<em>$1</em>");
  const isAlone = (said, i) => /\*\*$/.test(said[i - 1]) && /^\*\*/.test(said[i + 1]);
  const html = ({ said }) => markup(said.map((part, i) => typeof part == "string"
    ? part.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt()};`)
    : `<a class="n" href="#n-${part[0]}">${(isAlone(said, i) ? String : inProse)(print(...part))}</a>`).join(""));
  const mark = (is, text) => is ? `<ins>${text}</ins>` : text;
  const places_ = blocks.map(([kind, sentences], i) => {
    const now = () => sentences.map(some => sentence(some, kind == "headlines"));
    return { kind, now, was_: now(), spots: [...document.querySelectorAll(`[data-w="${i}"]`)].map(e => [e, e.innerHTML]) };
  });
  const block = ({ kind, now, was_, spots }) => {
    const found = now();
    if (found.every(({ key, note }, i) => key == was_[i].key && note == was_[i].note)) return;
    const shown = found.map((one, i) => {
      const was = was_[i];
      return one.said ? mark(one.key != was.key, html(one)) + mark(one.note && one.note != was.note, markup(one.note)) : was.said ? `<del>${html(was)}</del>` : "";
    }).filter(Boolean);
    for (const [element] of spots) element.innerHTML = /list|lines/.test(kind) ? shown.map(text => `<li>${text}</li>`).join("\n") : shown.join(" ");
  };
  {# The page as it was printed, to which Reset and printing return. #}
  const restore = () => {
    for (const { spots } of places_) for (const [element, before] of spots) if (element.innerHTML != before) element.innerHTML = before;
    for (const [a, , , text] of anchors.splice(0)) a.textContent = text, a.classList.remove("moved");
    root.classList.remove("what-if");
    banner.remove();
  };
  const find = () => {
    for (const a of document.querySelectorAll("main a.n, header a.n, #ledger a.n, #ledger .value bdi")) {
      const name = (a.getAttribute("href") ?? "#n-" + a.closest("article").id.slice(2)).slice(3), text = a.textContent;
      if (!numbers[name]) continue;
      for (const say of [print, (...part) => inProse(print(...part))]) {
        const form = keys(forms).find(form => text.startsWith(say(name, form)));
        if (form == null) continue;
        anchors.push([a, name, form, text, text.slice(say(name, form).length), say]);
        break;
      }
    }
  };
  const banner = document.createElement("div");
  banner.id = "what-if-banner";
  banner.role = "status";
  banner.innerHTML = `<p><strong>{{ _("Not what was printed") | in_script }}</strong> <span></span> <button type="button">{{ _("Reset") | in_script }}</button></p>`;
  {# The card stands in the text, which is written anew: it is taken out and put back. #}
  const around = work => {
    const card = document.getElementById("card"), focus = document.activeElement;
    const link = card?.previousElementSibling, block = card?.closest("[data-w]");
    if (!block) return work();
    card.remove();
    work();
    const again = block.querySelector(`a[href="${link.getAttribute("href")}"]`);
    again ? again.after(card) : block.append(card);
    card.showPopover?.();
    focus.focus();
  };
  const show = () => around(() => {
    const kept = entries(edits);
    clear();
    restore();
    find();
    for (const [name, ends] of kept) edits[name] = ends;
    known = {};
    if (!kept.length) return;
    root.classList.add("what-if");
    places_.forEach(block);
    for (const [a, name, form, text, rest, say] of anchors) {
      const now = say(name, form) + rest;
      if (now != text) a.textContent = now, a.classList.add("moved");
    }
    banner.querySelector("span").textContent = kept.map(([name]) => `${document.querySelector(`#n-${name} h3`).textContent}: ${print(name, "")}`).join("; ");
    document.body.prepend(banner);
  });
  const clear = () => { for (const name in edits) delete edits[name]; known = {}; };
  {# Plain digits only: a share may be off by half its last digit, as in print. #}
  const edit = (name, typed) => {
    if (!Object.hasOwn(numbers, name) || numbers[name][4]) return;
    const text = typed.replace(/[٠-٩]/g, d => d.charCodeAt() - 1632).replace(/[\s\u00a0\u202f%]/g, "").replaceAll(signs.group, "").replace(signs.decimal, ".");
    const part = text.split(".")[1] ?? "", unit = numbers[name][2];
    if (text && (!/^\d{1,15}(\.\d{1,6})?$/.test(text) || part && !unit)) return;
    const half = unit.includes("%") || part ? pow(10, -part.length) / 2 : 0;
    if (text) edits[name] = [+text, +text - half, +text + half, typed]; else delete edits[name];
    return true;
  };
  const keep = () => history.replaceState(null, "", keys(edits).length ? "#what-if=" + entries(edits).map(([name, ends]) => `${name}:${encodeURIComponent(ends[3])}`) : location.pathname + location.search);
  const begin = () => {
    const [, given] = location.hash.match(/^#what-if=(.*)$/) ?? [];
    if (given == null) return;
    clear();
    for (const pair of given.split(",")) { const [name, typed = ""] = pair.split(":"); edit(name, decodeURIComponent(typed)); }
    show();
  };
  addEventListener("input", ({ target }) => {
    const name = target.dataset.whatIf, good = name && edit(name, target.value);
    if (!name) return;
    target.ariaInvalid = !good;
    if (good) show(), keep();
  });
  addEventListener("click", ({ target }) => {
    const other = target.closest?.("[data-other]");
    if (other) {
      const field = other.parentNode.querySelector("input");
      field.value = other.dataset.other;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (target.closest?.("#what-if-banner button")) {
      clear();
      document.querySelectorAll("[data-what-if]").forEach(field => field.value = "");
      show();
      keep();
    }
  });
  addEventListener("beforeprint", restore);
  addEventListener("afterprint", show);
  addEventListener("hashchange", begin);
  for (const [name, [, , , , tree]] of entries(numbers)) {
    const entry = document.getElementById("n-" + name);
    if (tree || !entry?.querySelector("blockquote")) continue;
    const field = document.createElement("p"), [text, value] = others[name] ?? [];
    field.className = "what-if-field";
    field.innerHTML = `<label>{{ _("What if this number were another?") | in_script }} <input inputmode="decimal" autocomplete="off" data-what-if="${name}"></label>${value ? ` <button type="button" data-other="${value}"><bdi></bdi></button>` : ""}`;
    if (value) field.querySelector("bdi").textContent = text;
    entry.querySelector(".uses").before(field);
  }
  begin();
})();
