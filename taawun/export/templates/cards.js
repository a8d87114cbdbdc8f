(() => {
  const card = document.createElement("div");
  let anchor, timer;
  card.id = "card";
  card.role = "dialog";
  const close = () => {
    clearTimeout(timer);
    if (!anchor) return;
    anchor.ariaExpanded = "false";
    card.remove();
    anchor = null;
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
    (link.closest("svg") || link).after(card);
    card.popover = "manual";
    card.showPopover?.();
    const box = link.getBoundingClientRect(), height = card.offsetHeight + 6;
    const below = box.bottom + height + 6 < innerHeight || box.top < height + 6;
    card.style.left = Math.max(8, Math.min(box.left - 12, document.body.clientWidth - card.offsetWidth - 8)) + scrollX + "px";
    card.style.top = scrollY + (below ? box.bottom + 6 : box.top - height) + "px";
    link.ariaExpanded = "true";
  };
  const inside = e => e.target.closest?.("#card");
  const number = e => !inside(e) && e.target.closest?.("body > :not(#ledger) a[href^='#n-']");
  const enter = e => { const link = number(e); link ? open(link) : inside(e) && clearTimeout(timer); };
  const leave = () => { clearTimeout(timer); timer = setTimeout(close, 250); };
  addEventListener("pointerover", e => e.pointerType === "mouse" && enter(e));
  addEventListener("pointerout", e => e.pointerType === "mouse" && leave());
  addEventListener("focusin", enter);
  addEventListener("focusout", leave);
  addEventListener("keydown", e => {
    if (!anchor) return;
    const path = [anchor, ...card.querySelectorAll("a")], at = path.indexOf(document.activeElement);
    {# The card stands after the whole drawing; for the keyboard it comes after its number. #}
    if (e.key === "Tab" && at >= 0 && anchor.closest("svg")) {
      const to = path[at + (e.shiftKey ? -1 : 1)];
      if (to) { e.preventDefault(); to.focus(); }
      else if (at) { card.remove(); anchor.focus(); }
    }
    if (e.key !== "Escape") return;
    if (at > 0) anchor.focus();
    close();
  });
  addEventListener("click", e => {
    const link = number(e);
    if (link && e.pointerType === "touch") { e.preventDefault(); open(link); }
    else if (!inside(e) || e.target.closest("a")) close();
  });
})();
