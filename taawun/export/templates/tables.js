{# Some programs that read aloud take what is laid out as blocks for no table: it says what it is. #}
Object.entries({"": "table", caption: "caption", thead: "rowgroup", tbody: "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell"})
  .forEach(([part, role]) => document.querySelectorAll(`.stacks ${part}`).forEach(e => e.role = role));
