{# Under each table its words as CSV; in the fold under a figure the drawing, too. Made by the page itself: it asks nobody. #}
(() => {
  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const cell = e => `"${e.textContent.trim().replace(/"/g, '""')}"`;
  const csv = table => new Blob(["\ufeff", [...table.rows].map(row => [...row.cells].map(cell).join(",")).join("\r\n")], {type: "text/csv"});
  const drawing = svg => {
    const copy = svg.cloneNode(true), letters = document.createElementNS(svg.namespaceURI, "defs");
    new Set([...copy.querySelectorAll("use")].map(use => use.getAttribute("href").slice(1))).forEach(id => {
      const letter = document.querySelector(".sprite")?.querySelector("#" + CSS.escape(id));
      if (letter) letters.append(letter.cloneNode(true));
    });
    copy.prepend(letters);
    copy.querySelectorAll("a").forEach(link => link.replaceWith(...link.childNodes));
    return new XMLSerializer().serializeToString(copy);
  };
  const painted = (svg, name) => {
    const image = new Image(), box = svg.viewBox.baseVal, canvas = document.createElement("canvas");
    image.onload = () => {
      canvas.width = box.width * 4;
      canvas.height = box.height * 4;
      const paper = canvas.getContext("2d");
      paper.fillStyle = "#fff";
      paper.fillRect(0, 0, canvas.width, canvas.height);
      paper.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(blob => save(name, blob));
    };
    image.width = box.width * 4;
    image.src = "data:image/svg+xml," + encodeURIComponent(drawing(svg));
  };
  const offer = (place, what, ways) => {
    const line = document.createElement("p");
    line.className = "get";
    line.append("{{ _("Download") }} ");
    for (const [kind, way] of ways) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = kind;
      button.ariaLabel = `{{ _("Download") }} ${kind}: ${what}`;
      button.onclick = way;
      line.append(button, " ");
    }
    place.after(line);
  };
  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  document.querySelectorAll("main table, .annex table").forEach((table, place) => {
    const figure = table.closest("figure"), svg = figure?.querySelector(".chart.wide svg");
    const name = `${page}-${figure ? figure.id : "table-" + (place + 1)}`;
    const what = (table.caption || figure?.querySelector(".finding") || table.rows[0]).textContent;
    const ways = [["CSV", () => save(name + ".csv", csv(table))]];
    if (svg) ways.push(["SVG", () => save(name + ".svg", new Blob([drawing(svg)], {type: "image/svg+xml"}))], ["PNG", () => painted(svg, name + ".png")]);
    offer(table.closest(".scroll"), what, ways);
  });
})();
