(place => {
  const seen = JSON.parse(sessionStorage.getItem(place) || "null")
  sessionStorage.removeItem(place)
  history.scrollRestoration = "manual"
  const folds = [...document.querySelectorAll("details")]
  seen?.open.forEach((isOpen, at) => { if (folds[at]) folds[at].open = isOpen })
  const back = () => {
    const at = document.getElementById(seen.id)
    const top = at ? scrollY + at.getBoundingClientRect().top - seen.top : seen.y
    scrollTo({top, behavior: "instant"})
  }
  // what lies above is laid out when it is come near: its height is known only then
  const settle = times => requestAnimationFrame(() => { back(); if (times) settle(times - 1) })
  if (seen) settle(10)
  const keep = () => {
    const at = [...document.querySelectorAll("main [id], #ledger [id]")].find(
      one => one.getClientRects().length && one.getBoundingClientRect().top >= 0)
    const kept = {y: scrollY, id: at?.id, top: at?.getBoundingClientRect().top}
    kept.open = folds.map(one => one.open)
    sessionStorage.setItem(place, JSON.stringify(kept))
  }
  const version = document.currentScript.dataset.version
  const ask = () => fetch("/version?" + version).then(answer => answer.text()).then(now => {
    if (now === version) return ask()
    keep()
    location.reload()
  }).catch(() => setTimeout(ask, 500))
  ask()
})("taawun-place")
