(() => {
  const card = document.createElement("div");
  let anchor, timer;
  card.id = "card";
  card.role = "dialog";
  card.tabIndex = -1;
  const close = () => {
    clearTimeout(timer);
    if (!anchor) return;
    anchor.ariaExpanded = "false";
    card.remove();
    anchor = null;
  };
  const links = () => [...card.querySelectorAll("a, input, button")];
  const place = link => {
    const box = link.getBoundingClientRect(), under = innerHeight - box.bottom - 12, over = box.top - 12;
    card.style.maxHeight = Math.min(Math.max(under, over), .7 * innerHeight) + "px";
    const height = card.offsetHeight + 6, width = card.offsetWidth, below = height <= under || under >= over;
    const left = document.dir === "rtl" ? box.right + 12 - width : box.left - 12;
    card.style.left = Math.max(8, Math.min(left, document.body.clientWidth - width - 8)) + scrollX + "px";
    card.style.top = scrollY + (below ? box.bottom + 6 : box.top - height) + "px";
  };
  const open = link => {
    clearTimeout(timer);
    if (anchor === link) return;
    const entry = document.getElementById(link.getAttribute("href").slice(1));
    close();
    anchor = link;
    card.innerHTML = entry.innerHTML + `<p><a href="#${entry.id}">{{ _("Full entry") | in_script }}</a></p>`;
    card.querySelectorAll("[id]").forEach(e => e.removeAttribute("id"));
    card.querySelector(".uses").remove();
    card.ariaLabel = entry.querySelector("h3").textContent;
    card.querySelector("h3").role = "presentation";
    {# Who goes from number to number does not go through the links of every card. #}
    links().forEach(e => e.tabIndex = -1);
    (link.closest("svg") || link).after(card);
    card.popover = "manual";
    card.showPopover?.();
    place(link);
    link.ariaExpanded = "true";
  };
  const inside = e => e.target.closest?.("#card");
  const number = e => !inside(e) && e.target.closest?.("body > :not(#ledger) a[href^='#n-']");
  const held = () => anchor && (document.activeElement === anchor || card.contains(document.activeElement));
  const enter = e => { const link = number(e); link ? open(link) : inside(e) && clearTimeout(timer); };
  const leave = () => { clearTimeout(timer); timer = setTimeout(() => held() || close(), 250); };
  {# A page that scrolls under a resting mouse is no pointing: only a mouse that moves opens or closes. #}
  let moved;
  addEventListener("pointermove", e => { moved = e.movementX || e.movementY; });
  addEventListener("pointerover", e => e.pointerType === "mouse" && !(held() && !moved) && enter(e));
  addEventListener("pointerout", e => e.pointerType === "mouse" && leave());
  addEventListener("focusin", enter);
  addEventListener("focusout", leave);
  {# A drawing and a table are one stop of the Tab key; arrows go from number to number in them. #}
  const together = link => [...(link?.closest("svg, table")?.querySelectorAll("a[href^='#n-']") || [])].filter(link => !card.contains(link));
  document.querySelectorAll("body > :not(#ledger) :is(svg, table)").forEach(group => {
    group.querySelectorAll("a[href^='#n-']").forEach((link, place) => place && (link.tabIndex = -1));
  });
  addEventListener("keydown", e => {
    if (!anchor) return;
    const step = {ArrowRight: 1, ArrowLeft: -1}[e.key], others = together(anchor);
    const next = step && document.activeElement === anchor && others[others.indexOf(anchor) + (document.dir === "rtl" && !anchor.closest("svg") ? -step : step)];
    if (next) {
      e.preventDefault();
      others.forEach(link => link.tabIndex = link === next ? 0 : -1);
      next.focus();
      return;
    }
    const way = links(), at = way.indexOf(document.activeElement);
    if (at < 0 && document.activeElement === anchor && ["Enter", "ArrowDown"].includes(e.key)) {
      e.preventDefault();
      way.forEach(link => link.tabIndex = 0);
      way[0].focus();
    } else if (e.key === "Tab" && at >= 0) {
      const to = way[at + (e.shiftKey ? -1 : 1)];
      e.preventDefault();
      (to || anchor).focus();
      if (!to) way.forEach(link => link.tabIndex = -1);
    } else if (e.key === "Escape") {
      if (at >= 0) anchor.focus();
      close();
    }
  });
  addEventListener("click", e => {
    const link = number(e);
    if (link && e.pointerType === "touch") { e.preventDefault(); open(link); }
    else if (!inside(e) || e.target.closest("a")) close();
  });
})();
