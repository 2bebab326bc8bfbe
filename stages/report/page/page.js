// Runs in the reader's browser: the theme, sorting, copying, the place in the contents, the photos of the map.
// Everything is on the page without it.
"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Where a page may not store anything (a file opened from disk, in some browsers), the choice lasts as long as the page.
  const remembered = {
    get() {
      try {
        return localStorage.getItem("report-theme");
      } catch {
        return null;
      }
    },
    set(theme) {
      try {
        localStorage.setItem("report-theme", theme);
      } catch {
        return;
      }
    },
  };

  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  const toggle = document.querySelector(".theme");
  const themeNow = () => root.dataset.theme ?? (systemDark.matches ? "dark" : "light");
  function showTheme() {
    toggle.textContent = themeNow() === "dark" ? "Light" : "Dark";
    toggle.setAttribute("aria-label", `Use the ${themeNow() === "dark" ? "light" : "dark"} theme`);
  }
  const kept = remembered.get();
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    root.dataset.theme = themeNow() === "dark" ? "light" : "dark";
    remembered.set(root.dataset.theme);
    showTheme();
  });
  systemDark.addEventListener("change", showTheme);
  showTheme();

  // A cell sorts by its data-value, a number, or by its text.
  function sortBy(table, column, direction) {
    const body = table.tBodies[0];
    const keyOf = (row) => {
      const cell = row.cells[column];
      return cell.dataset.value === undefined ? cell.textContent.trim() : Number(cell.dataset.value);
    };
    const compare = (a, b) => {
      if (typeof a === "string") return direction * a.localeCompare(b, "en", { numeric: true });
      // What has no value stands last, whichever way.
      if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
      return direction * (a - b);
    };
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row) }));
    body.append(...rows.sort((a, b) => compare(a.key, b.key)).map(({ row }) => row));
    all("th[aria-sort]", table).forEach((head) => {
      const own = head.cellIndex === column;
      head.setAttribute("aria-sort", own ? (direction === 1 ? "ascending" : "descending") : "none");
    });
  }
  all("table.sortable th button").forEach((button) => {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const first = head.dataset.first === "descending" ? -1 : 1;
      const now = head.getAttribute("aria-sort");
      const direction = now === "none" ? first : now === "ascending" ? -1 : 1;
      sortBy(head.closest("table"), head.cellIndex, direction);
    });
  });

  all(".command button").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
  });

  const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
  const watched = all("main section[id]");
  const inView = new Set();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        if (isIntersecting) inView.add(target);
        else inView.delete(target);
      const current = watched.find((section) => inView.has(section));
      if (current === undefined) return;
      for (const [id, link] of links) link.setAttribute("aria-current", String(id === current.id));
    },
    { rootMargin: "-10% 0px -60% 0px" },
  );
  watched.forEach((section) => watcher.observe(section));

  const map = document.querySelector(".map");
  if (map !== null) startMap(map);

  function startMap(map) {
    const { size, across, side, classes, points } = JSON.parse(
      document.querySelector("#map-points").textContent,
    );
    const svg = map.querySelector("svg");
    const mark = svg.querySelector("circle");
    const tip = map.querySelector(".tip");
    const canvas = tip.querySelector("canvas");
    const words = tip.querySelector("div");
    const sheets = all("img[data-sheet]", map.parentElement);
    const select = map.parentElement.querySelector("select");
    const buttons = all(".choose button", map.parentElement);
    let chosen = null;
    let shown = -1;

    const isChosen = (point) => chosen === null || point[2] === chosen;

    function show(i) {
      if (i === shown) return;
      shown = i;
      tip.hidden = i < 0;
      mark.setAttribute("visibility", i < 0 ? "hidden" : "visible");
      if (i < 0) return;
      const [x, y, label, guess, part, path] = points[i];
      mark.setAttribute("cx", x);
      mark.setAttribute("cy", y);
      const onSheet = i % (across * across);
      const [left, top] = [(onSheet % across) * side, Math.floor(onSheet / across) * side];
      const sheet = sheets[Math.floor(i / (across * across))];
      canvas.getContext("2d").drawImage(sheet, left, top, side, side, 0, 0, canvas.width, canvas.height);
      const lines = [label < 0 ? "no label" : classes[label]];
      if (guess >= 0 && guess !== label) lines.push(`taken for ${classes[guess]}`);
      lines.push(`${part}: ${path}`);
      words.replaceChildren(
        ...lines.map((text, line) => {
          const element = document.createElement(line === 0 ? "b" : "span");
          element.textContent = text;
          return element;
        }),
      );
      const scale = svg.clientWidth / size;
      const place = (at, room, own) => Math.max(4, Math.min(room - own - 4, at));
      const toLeft = x * scale > map.clientWidth / 2;
      tip.style.left = `${place(x * scale + (toLeft ? -tip.offsetWidth - 14 : 14), map.clientWidth, tip.offsetWidth)}px`;
      tip.style.top = `${place(y * scale - tip.offsetHeight / 2, map.clientHeight, tip.offsetHeight)}px`;
    }

    function nearest(event, within) {
      const box = svg.getBoundingClientRect();
      const scale = size / box.width;
      const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      let best = -1;
      let least = (within * scale) ** 2;
      points.forEach((point, i) => {
        const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
        if (distance < least && isChosen(point)) [best, least] = [i, distance];
      });
      return best;
    }

    svg.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") show(nearest(event, 24));
    });
    svg.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") show(-1);
    });
    svg.addEventListener("click", (event) => show(nearest(event, 40)));

    const order = points.map((_, i) => i).sort((a, b) => points[a][0] - points[b][0]);
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") show(-1);
      if (step === undefined) return;
      event.preventDefault();
      const own = order.filter((i) => isChosen(points[i]));
      if (own.length === 0) return;
      const at = own.indexOf(shown);
      show(own[at < 0 ? 0 : (at + step + own.length) % own.length]);
    });
    svg.addEventListener("blur", () => show(-1));

    function choose(label) {
      chosen = label;
      show(-1);
      map.classList.toggle("chosen", label !== null);
      all("path[data-class]", svg).forEach((path) =>
        path.classList.toggle("on", Number(path.dataset.class) === label),
      );
      buttons.forEach((button) =>
        button.setAttribute("aria-pressed", String(Number(button.dataset.class) === label)),
      );
      if (select !== null) select.value = label === null ? "" : String(label);
    }
    buttons.forEach((button) => {
      const own = Number(button.dataset.class);
      button.addEventListener("click", () => choose(chosen === own ? null : own));
    });
    select?.addEventListener("change", () => choose(select.value === "" ? null : Number(select.value)));
  }
})();
