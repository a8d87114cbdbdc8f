(place => {
  const seen = JSON.parse(sessionStorage.getItem(place) || "null")
  sessionStorage.removeItem(place)
  history.scrollRestoration = "manual"
  if (seen) {
    const at = document.getElementById(seen.id)
    scrollTo(0, at ? scrollY + at.getBoundingClientRect().top - seen.top : seen.y)
  }
  const keep = () => {
    const at = [...document.querySelectorAll("[id]")].find(one => one.getBoundingClientRect().top >= 0)
    const kept = {y: scrollY, id: at?.id, top: at?.getBoundingClientRect().top}
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
