/* The widget: <fundstelle-chat heading="…" documents="…"></fundstelle-chat>, one file without dependencies.

   It runs on pages of other people, under their content security policy, with Trusted Types, beside their style:
   - what is shown is made of elements and text, never of markup, so nothing in a question or document can act;
   - the look is a constructed style sheet in a shadow root, so no policy on styles and no style of the page applies;
   - it talks to the server it came from and to nobody else, keeps nothing, sets no cookie and knows no key. */
"use strict";
(() => {
  const TEXTS = {}; // the German words and
  const MARK = ""; // what marks a list item (assistant/list_marks.py) and
  const STYLE = ""; // the look: all are put in where the file is served (ui/widget.py)

  const script = document.currentScript;
  if (customElements.get("fundstelle-chat")) return; // the page names the script twice
  if (!script?.src) {
    console.error("Fundstelle: load widget.js by <script src=… defer>, not as a module or inline.");
    return;
  }
  const SERVER = new URL(".", script.src);
  const REMEMBERED = 30; // exchanges sent along as history, as on the chat page
  const BODY_LIMIT = 60_000; // bytes; the server takes 64 KiB
  const EVENT_LIMIT = 4_000_000; // characters of one event
  const SLOW = 8_000; // milliseconds until a reader is told that it takes longer
  const SILENCE = 90_000; // milliseconds without a sign of life until the question is given up
  const LONGEST_PAUSE = 3_600; // seconds

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  // A policy of the page that forbids to reach the server looks like a dead server; only this event tells them apart.
  let blocked = false;
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.effectiveDirective === "connect-src" && event.blockedURI.startsWith(SERVER.origin)) blocked = true;
  });

  /** What went wrong, for the reader. `pause` is in seconds; `edit` says that only another question can help, `retry`
      whether the same one may. */
  class Trouble extends Error {
    constructor(text, { pause = 0, edit = false, retry = !edit } = {}) {
      super(text);
      Object.assign(this, { pause, edit, retry });
    }
  }

  // ---- Words

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

  /** „S. 12 (PDF-Seite 16)“: the printed label first, the physical number where it differs. */
  const pagesInWords = (pages, say) => {
    if (!pages.length) return "";
    const [first, last] = [pages[0], pages[pages.length - 1]];
    const one = pages.length === 1;
    const physical = one
      ? say("place_physical", { number: first.number })
      : say("place_physicals", { first: first.number, last: last.number });
    if (!first.label || !last.label) return physical;
    const printed = one
      ? say("place_page", { label: first.label })
      : say("place_pages", { first: first.label, last: last.label });
    return pages.every((page) => page.label === String(page.number)) ? printed : `${printed} (${physical})`;
  };

  /** „2025-04-29“ as „29.04.2025“, „2025-04“ as „04/2025“. */
  const dateInWords = (stand) => {
    const parts = stand.split("-");
    if (!parts.every((part) => /^\d+$/.test(part))) return stand;
    return parts.reverse().join(parts.length === 3 ? "." : "/");
  };

  const verdictInWords = (answer, say) => {
    const status = say(`status_${answer.status}`);
    if (answer.status === "declined") return status;
    const level = answer.confidence >= 0.8 ? "high" : answer.confidence >= 0.5 ? "medium" : "low";
    const confidence = say(`confidence_${level}`, { percent: Math.round(answer.confidence * 100) });
    return [status, say(`mode_${answer.mode}`), confidence].join(" · ");
  };

  const STATUS_SIGNS = { answered: "✓", partial: "◐", declined: "–" };
  /** Items that bring a mark of their own and need no bullet. */
  const MARKED = new RegExp(`^(?:${MARK})`, "u");

  const SUPPORT_SIGNS = { verbatim: "✓", supported: "≈", unsupported: "✗" };

  /** The cells of a table row that was made a sentence („Satz: 66 %; Anteil: 34 %“), as [heading, value]. */
  const cells = (text) => {
    const found = [];
    for (const part of text.split("; ")) {
      const cell = part.match(/^([^:;.!?„“]{1,60}:) (.+)$/s);
      if (cell) found.push(cell.slice(1));
      else if (found.length) found[found.length - 1][1] += `; ${part}`;
      else return [];
    }
    return found.length > 1 ? found : [];
  };

  // ---- Elements

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== ""));
    return element;
  };

  const oneLine = (text) => text.trim().split(/\s+/).join(" ");

  /** Words as children: the cells of a table row below each other, anything else as it is. */
  const inCells = (text) => {
    const found = cells(text).map(([heading, value]) => make("span", { class: "cell" }, make("b", {}, heading), ` ${value}`));
    return found.length ? found.flatMap((cell, index) => (index ? [make("span", { class: "unseen" }, "; "), cell] : [cell])) : [text];
  };

  const unseen = (words) => make("span", { class: "unseen" }, ` ${words}`);

  const signed = (sign, words) => [make("span", { "aria-hidden": "true" }, sign), ` ${words}`];

  const button = (attributes, words, act) => {
    const made = make("button", { type: "button", ...attributes }, words);
    made.addEventListener("click", act);
    return made;
  };

  /** Bring an element into sight at once: nothing glides, whatever the page likes. */
  const show = (element) => element.scrollIntoView({ block: "nearest", behavior: "instant" });

  const link = (address, words, hint) =>
    make(
      "a",
      { href: address, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer", part: "link" },
      words, unseen(hint), make("span", { "aria-hidden": "true" }, " ↗"),
    );

  const webAddress = (text) => {
    try {
      const address = new URL(text);
      return ["http:", "https:"].includes(address.protocol) ? address.href : "";
    } catch {
      return "";
    }
  };

  /** Where the server shows these citations, which stand next to each other, in their document. */
  const viewerAddress = (citations) => {
    const first = citations[0];
    let end = first.end;
    for (const next of citations.slice(1)) if (end <= next.start && next.start <= end + 1) end = next.end;
    const values = { seite: first.pages[0]?.number, start: first.start, end };
    const shown = new URLSearchParams(Object.entries(values).filter(([, value]) => value));
    return new URL(`dokumente/${encodeURIComponent(first.document)}?${shown}`, SERVER).href;
  };

  // ---- Asking the server

  /** The events of one answer, as [name, data]. Throws Trouble; `heard` is called at every sign of life. */
  async function* ask(body, signal, say, heard) {
    const response = await reached("api/ask/stream", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
      signal,
      cache: "no-store",
      credentials: "same-origin", // none for other sites; the iframe page may stand behind a login of its own
      referrerPolicy: "no-referrer",
    }, say);
    heard();
    if (!response.ok) throw await refusal(response, say);
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Trouble(say("failed"));
    try {
      yield* events(response.body, heard);
    } catch {
      signal.throwIfAborted();
      throw new Trouble(say("broken"));
    }
  }

  async function reached(path, options, say) {
    try {
      return await fetch(new URL(path, SERVER), options);
    } catch {
      options.signal.throwIfAborted();
      const reason = await whyNot();
      throw new Trouble(say(reason), { retry: reason !== "blocked" }); // a policy is certain, the rest is a guess
    }
  }

  /** Why the server could not be asked. Browsers do not say, but they tell whether it is there at all. */
  async function whyNot() {
    try {
      const options = { method: "HEAD", mode: "no-cors", cache: "no-store", credentials: "omit" };
      await fetch(new URL("widget.js", SERVER), options);
      return SERVER.origin === location.origin ? "broken" : "not_allowed";
    } catch {
      await new Promise((resolve) => setTimeout(resolve)); // the event about a policy comes after the failure
      return blocked ? "blocked" : "offline";
    }
  }

  async function refusal(response, say) {
    const { status } = response;
    const told = (await response.json().catch(() => null))?.error?.message;
    const own = say([429, 503].includes(status) ? "busy" : status < 500 ? "refused" : "failed");
    const pause = secondsUntil(response.headers.get("Retry-After"));
    // What the server says of unknown documents is meant for whoever wrote the attribute, not for who asks.
    const text = status === 404 ? say("missing") : typeof told === "string" && told ? told.slice(0, 500) : own;
    const edit = [400, 413, 422].includes(status);
    const retry = !edit && ![403, 404].includes(status);
    return new Trouble(pause ? `${text} ${say("wait", { seconds: pause })}` : text, { pause, edit, retry });
  }

  /** What a Retry-After header asks for: seconds, or a date. */
  const secondsUntil = (header) => {
    if (!header) return 0;
    const seconds = /^\d+$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - Date.now()) / 1000);
    return Math.min(Math.max(seconds || 0, 0), LONGEST_PAUSE);
  };

  async function* events(stream, heard) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard();
        text += value.replaceAll("\r", "");
        if (text.length > EVENT_LIMIT) throw new RangeError("an event without end");
        const blocks = text.split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const lines = block.split("\n").map((line) => line.split(/: ?(.*)/s));
          const field = (name) => lines.filter(([key]) => key === name).map(([, value]) => value).join("\n");
          if (field("data")) yield [field("event"), JSON.parse(field("data"))];
        }
      }
    } finally {
      reader.cancel().catch(() => {}); // the server stops working for an answer that nobody reads
    }
  }

  // ---- One question and what came of it

  class Exchange {
    state = "queued";
    answer = null;
    notBefore = 0;
    #say;
    #level;
    #sentences = [];
    #citations = [];
    #cards = [];
    #quotes = new Map();
    #verdict = make("p", { class: "verdict", part: "verdict", hidden: "" });
    #readAs = make("p", { class: "small", part: "read-as" });
    #progress = make("p", { class: "progress" });
    #text = make("div", { class: "text", part: "answer" });
    #groups = []; // of sentences from one section each: { section, pages, from, node }
    #hits = [];
    #notice = make("p", { class: "small" });
    #after = make("div", {});
    #list = make("ol", { class: "cards" });
    #error = make("div", { class: "error", part: "error", hidden: "" });

    constructor(question, say, level) {
      this.question = question;
      this.#say = say;
      this.#level = level;
      this.node = make(
        "div", { class: "exchange" },
        make(`h${level}`, { class: "question", part: "question" }, this.#who("you"), make("bdi", {}, question)),
        this.reply = make("div", { class: "reply", part: "reply", role: "group", tabindex: "-1", "aria-label": say("system") },
          this.#who("system"), this.#readAs, this.#verdict, this.#text, this.#progress, this.#error, this.#after),
      );
      this.queue();
    }

    queue() {
      this.#become("queued");
      this.#error.hidden = true;
      this.progress(this.#say("queued"));
    }

    begin() {
      this.#become("pending");
      this.#clear();
      this.progress(this.#say("pending"));
    }

    progress(words) {
      this.#progress.textContent = words;
    }

    tell(name, data) {
      if (name === "status" && data.stage === "withdrawn") this.#clear();
      if (name === "evidence") this.#hits = data;
      if (name === "sentence") this.#add(data, data.new_citations);
      if (name === "done") this.#finish(data);
      if (name === "error") throw new Trouble(String(data.message || this.#say("failed")).slice(0, 500));
    }

    /** Ends without an answer; what was shown stays. `actions` are the buttons that help. */
    fail(words, actions, state = "failed") {
      this.#become(state);
      this.progress("");
      const buttons = make("p", { class: "actions" }, ...actions);
      this.#error.replaceChildren(make("p", {}, ...signed(state === "failed" ? "!" : "■", words)), buttons);
      this.#error.hidden = false;
    }

    /** What a screen reader says about the finished answer. */
    spoken() {
      const { status, citations, answer } = this.answer;
      const told = this.#sentences.map(({ text, support }) =>
        support === "unsupported" ? `${text} (${this.#say("unsupported")})` : text);
      const suffix = ["_none", "_one"][citations.length] ?? "";
      const values = { answer: told.join(" ") || answer, count: citations.length };
      return this.#say(`spoken${suffix}`, { status: this.#say(`status_${status}`), ...values });
    }

    #become(state) {
      this.state = this.node.dataset.state = state;
    }

    #who(key) {
      return make("span", { class: "who" }, `${this.#say(key)} `);
    }

    #clear() {
      for (const part of [this.#readAs, this.#text, this.#after, this.#list, this.#verdict, this.#notice]) part.replaceChildren();
      this.#groups = [];
      this.#verdict.hidden = true;
      this.#sentences = [];
      this.#citations = [];
      this.#cards = [];
      this.#quotes.clear();
    }

    #add({ text, citations, support, kind }, news) {
      const say = this.#say;
      for (const citation of news) this.#cite(citation);
      this.#sentences.push({ text, citations, support, kind });
      const marks = citations.filter((marker) => this.#quotes.has(marker)).map((marker) => this.#mark(marker));
      const sign = SUPPORT_SIGNS[support] ?? "";
      const quoted = support === "verbatim"; // the usual case: no need to say it in words each time
      const verdict = make("span", { class: `support ${support}`, part: "support", ...(quoted && { title: say(support) }) },
        ...(quoted ? [make("span", { "aria-hidden": "true" }, sign), unseen(say(support))] : signed(sign, say(support))));
      const proof = make("span", { class: "proof" }, ...marks, verdict);
      const group = this.#group(quoted && citations.length === 1 ? citations[0] : 0);
      const row = kind === "row" ? cells(text) : [];
      if (row.length) {
        this.#row(group, row, proof);
        return;
      }
      const words = [make("bdi", {}, ...inCells(text)), " ", proof];
      if (kind === "item") {
        if (!group.lastElementChild?.matches("ul")) group.append(make("ul", {}));
        group.lastElementChild.append(make("li", { part: "sentence", ...(MARKED.test(text) && { class: "marked" }) }, ...words));
      } else {
        group.append(make("span", { part: "sentence" }, ...words), " ");
      }
    }

    /** Put a row below the one before it, if that has the same headings; else it begins a table. */
    #row(group, row, proof) {
      const headings = row.map(([heading]) => heading.slice(0, -1));
      let table = group.lastElementChild;
      if (!table?.matches(".table") || table.dataset.headings !== headings.join()) {
        const hint = make("p", { class: "small", hidden: "" }, this.#say("wide"));
        const name = { class: "table", part: "table", role: "group", tabindex: "0", "aria-label": this.#say("table") };
        table = make("div", { ...name, "data-headings": headings.join() }, make("table", {},
          make("thead", {}, make("tr", {}, ...headings.map((heading) => make("th", { scope: "col" }, make("bdi", {}, heading))))),
          make("tbody", {})));
        group.append(hint, table);
        new ResizeObserver(() => { hint.hidden = table.scrollWidth <= table.clientWidth; }).observe(table);
      }
      const values = row.map(([, value], index) => make("td", {}, make("bdi", {}, value), ...(index ? [] : [" ", proof])));
      table.querySelector("tbody").append(make("tr", { part: "sentence" }, ...values));
    }

    /** The paragraph for a sentence that quotes citation `marker` (0: for one that was written). Quotes from several
        sections get one each, below the section's name. */
    #group(marker) {
      const { document: id, title, section, pages = [] } = this.#citations.find((one) => one.marker === marker) ?? {};
      const key = id ? JSON.stringify([id, section]) : "";
      let group = this.#groups[this.#groups.length - 1];
      if (group && !key) { // what was written is one text
        [group] = this.#groups;
        for (const { node } of this.#groups.splice(1)) group.node.append(...node.childNodes);
        group.key = "";
        this.#text.replaceChildren(group.node);
      } else if (!group || (group.key && group.key !== key)) {
        group = { key, pages: [], from: make("p", { class: "from", part: "section" }), node: make("div", {}) };
        this.#groups.push(group);
        this.#text.append(group.node);
      }
      group.pages.push(...pages.filter(({ number }) => !group.pages.some((page) => page.number === number)));
      const name = [title, ...(section ?? []).slice(-1)].join(" › ");
      group.from.replaceChildren(make("bdi", {}, [name, pagesInWords(group.pages, this.#say)].filter(Boolean).join(", ")));
      if (this.#groups.length > 1) for (const { from, node } of this.#groups) node.before(from);
      return group.node;
    }

    #mark(marker) {
      const attributes = { class: "mark", part: "mark", "aria-label": this.#say("mark", { marker }) };
      return button(attributes, `[${marker}]`, () => {
        const quote = this.#quotes.get(marker);
        quote.closest("details").open = true;
        quote.focus({ preventScroll: true });
        show(quote);
      });
    }

    /** Put a citation on the card of its place: the last card, or a new one. */
    #cite(citation) {
      const { document: id, title, section, url, stand, notice, pages } = citation;
      const place = JSON.stringify([id, title, section, url, stand, notice, pages.map((page) => [page.number, page.label])]);
      if (!this.#cards.length) {
        const heading = make(`h${Math.min(this.#level + 1, 6)}`, { class: "sources", part: "sources" }, this.#say("sources"));
        this.#after.replaceChildren(heading, this.#list, this.#notice);
      }
      let card = this.#cards[this.#cards.length - 1];
      if (card?.place !== place) {
        card = { place, citations: [], node: make("li", { class: "card", part: "card" }) };
        this.#cards.push(card);
        this.#list.append(card.node);
      }
      card.citations.push(citation);
      this.#citations.push(citation);
      const notices = new Set(this.#citations.map((one) => one.notice));
      const shared = notices.size === 1 && notice ? this.#say("place_notice_for_all", { notice }) : "";
      const changed = shared !== this.#notice.textContent;
      this.#notice.textContent = shared;
      for (const one of changed ? this.#cards : [card]) this.#fill(one);
    }

    #fill({ citations, node }) {
      const say = this.#say;
      const { marker, title, section, pages, stand, notice, url } = citations[0];
      const quotes = citations.map((citation) => {
        const number = citations.length > 1 ? make("span", { class: "number" }, `[${citation.marker}] `) : "";
        const quote = make("blockquote", { tabindex: "-1", part: "quote" }, number, "„", ...inCells(citation.quote), "“");
        this.#quotes.set(citation.marker, quote);
        return quote;
      });
      const place = [section[section.length - 1], pagesInWords(pages, say), stand && say("place_stand", { stand: dateInWords(stand) }).replaceAll(" ", "\u00a0")];
      const own = notice && !this.#notice.textContent ? say("place_notice", { notice }) : "";
      const all = citations.map((citation) => `[${citation.marker}]`).join(" ");
      const name = make("summary", {}, say(citations.length > 1 ? "quotes" : "quote"), unseen(say("quote_of", { marks: all })));
      const hint = say("new_tab", { marker });
      const links = [link(viewerAddress(citations), say("view"), hint)];
      if (webAddress(url)) links.push(link(webAddress(url), say("open"), hint));
      node.replaceChildren(
        make("p", { class: "title" },
          make("span", { class: "number" }, `${all} `), make("strong", {}, make("bdi", {}, title))),
        make("p", { class: "where" }, place.filter(Boolean).join(" · ")),
        make("p", { class: "small" }, own),
        make("div", { class: "links" }, make("details", {}, name, ...quotes), ...links),
      );
    }

    /** The nearest places; each leads into its document where it can be told which of the passages found it names. */
    #places(names) {
      return names.map((name) => {
        const [hit, ...others] = this.#hits.filter(({ section }) => section.length && name.endsWith(` › ${section[section.length - 1]}`));
        const known = hit && others.every((other) => other.document === hit.document && other.section.join() === hit.section.join());
        if (!known) return make("li", {}, make("bdi", {}, name));
        const pages = hit.pages.map((number) => ({ number }));
        return make("li", {}, link(viewerAddress([{ ...hit, pages }]), make("bdi", {}, name), this.#say("new_place")));
      });
    }

    #finish(answer) {
      const shown = JSON.stringify([this.#sentences, this.#citations]);
      if (shown !== JSON.stringify([answer.sentences, answer.citations])) {
        this.#clear();
        for (const citation of answer.citations) this.#cite(citation);
        for (const sentence of answer.sentences) this.#add(sentence, []);
      }
      this.answer = answer;
      this.progress("");
      this.#become("done");
      this.#verdict.className = `verdict ${answer.status}`;
      this.#verdict.replaceChildren(...signed(STATUS_SIGNS[answer.status] ?? "", verdictInWords(answer, this.#say)));
      this.#verdict.hidden = false;
      if (answer.read_as) this.#readAs.textContent = this.#say("read_as", { question: oneLine(answer.read_as) });
      if (!answer.sentences.length) this.#text.textContent = answer.answer;
      if (answer.note) {
        const open = answer.status === "partial";
        this.#after.prepend(make("p", { class: open ? "open" : "small" }, ...signed(open ? "◐" : "", answer.note)));
      }
      const { sentences, suggestions } = answer;
      const told = new Set(sentences.map(({ text }) => text));
      for (const { citations, node } of this.#cards) {
        node.querySelector("details").open = !citations.every(({ quote }) => told.has(oneLine(quote)));
      }
      const verdicts = new Set(sentences.map(({ support }) => support));
      if (verdicts.size === 1) {
        const [support] = verdicts;
        const words = this.#say(`whole_${sentences.length > 1 ? "all" : "one"}_${support}`);
        this.#text.append(make("p", { class: "small", part: "whole" }, ...signed(SUPPORT_SIGNS[support] ?? "", words)));
      }
      if (suggestions.length) {
        this.#after.append(
          make(`h${Math.min(this.#level + 1, 6)}`, { class: "sources" }, this.#say("nearest")),
          make("ul", { class: "nearest", part: "suggestions" }, ...this.#places(suggestions)),
        );
      }
      if (answer.status !== "answered") this.#after.append(this.#contact(suggestions.length ? "contact" : "far"));
    }

    /** Whom to ask instead, with the address as a link. */
    #contact(key) {
      const mail = this.#say("contact_mail");
      const parts = mail ? this.#say(key).split(mail) : [this.#say(key)];
      const linked = parts.flatMap((part, index) => (index ? [make("a", { href: `mailto:${mail}`, part: "link" }, mail), part] : [part]));
      return make("p", { class: "small", part: "contact" }, ...linked);
    }
  }

  // ---- The element

  class FundstelleChat extends HTMLElement {
    static observedAttributes = ["heading", "heading-level", "theme"];
    #texts = {};
    #say = (key, values = {}) => filled(this.#own(key) || TEXTS[key] || "", values);
    #exchanges = [];
    #working = false;
    #controller = new AbortController();
    #labels = [];
    #root = null;
    #title = make("span", {});
    #fresh = null; // the reply that has just come
    #log = make("div", { class: "log", role: "log", "aria-live": "off" });
    #box = make("textarea", { id: "box", rows: "1", part: "input", enterkeyhint: "send", autocomplete: "off" });
    #live = make("p", { class: "unseen", role: "status" });
    #hint = make("p", { class: "hint", part: "error", role: "alert" });
    #stop;
    #new;

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    }

    /** Words of the page's own, by the names in docs/widget.md. Words that are no text leave ours in place. */
    get texts() {
      return { ...this.#texts };
    }

    set texts(texts) {
      this.#texts = { ...texts };
      this.#relabel();
    }

    connectedCallback() {
      if (this.#root) return; // moved within the page
      if (document.readyState === "loading") { // our children, and with them the page's own words, may be still to come
        document.addEventListener("DOMContentLoaded", () => this.#build(), { once: true });
      } else {
        this.#build();
      }
    }

    disconnectedCallback() {
      queueMicrotask(() => this.isConnected || this.#controller.abort("stopped"));
    }

    attributeChangedCallback() {
      this.#relabel();
    }

    #own(key) {
      const own = Object.hasOwn(this.#texts, key) ? this.#texts[key] : "";
      return typeof own === "string" ? own.trim() : "";
    }

    #build() {
      if (this.#root) return;
      if (Object.hasOwn(this, "texts")) { // set before this script ran
        const { texts } = this;
        delete this.texts;
        this.texts = texts;
      }
      this.#texts = { ...this.#childTexts(), ...this.#texts };
      const form = make(
        "form", { class: "form", part: "form" },
        this.#hint, this.#labelled(make("label", { for: "box" }), "label"), this.#box,
        make("div", { class: "buttons" },
          this.#labelled(make("button", { type: "submit", class: "ask", part: "button ask" }), "ask"),
          this.#stop = this.#labelled(button({ part: "button stop", hidden: "" }, "", () => this.#halt()), "stop"),
          this.#new = this.#labelled(button({ part: "button new", hidden: "" }, "", () => this.#renew()), "new")),
      );
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#send();
      });
      this.#box.addEventListener("keydown", (event) => {
        if (event.key === "Tab" && event.shiftKey && this.#fresh) { // the first step back leads to the answer's beginning
          event.preventDefault();
          this.#fresh.focus();
        }
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#send();
      });
      this.#log.addEventListener("focusin", () => { this.#fresh = null; });
      const notice = this.#labelled(make("p", { class: "notice", part: "notice", role: "note" }), "notice");
      this.#labels.push(
        () => notice.setAttribute("aria-label", this.#say("notice_label")),
        () => this.#log.setAttribute("aria-label", this.#say("conversation")),
        () => this.#box.setAttribute("placeholder", this.#say("placeholder")),
      );
      this.#root = make("section", { class: "root", part: "frame", lang: "de" }, this.#title, notice, this.#log, form, this.#live);
      this.#relabel();
      this.shadowRoot.append(this.#root);
    }

    /** Words from a <script type="application/json"> in the element, which no policy on scripts concerns. */
    #childTexts() {
      const child = this.querySelector('script[type="application/json"]');
      try {
        return child ? JSON.parse(child.textContent) : {};
      } catch (error) {
        console.error("Fundstelle: the words in the element are not valid JSON.", error);
        return {};
      }
    }

    #labelled(element, key) {
      this.#labels.push(() => { element.textContent = this.#say(key); });
      return element;
    }

    #relabel() {
      if (!this.#root) return;
      for (const label of this.#labels) label();
      const words = this.getAttribute("heading") || this.#say("heading");
      const title = make(`h${this.#level}`, { class: "heading", part: "heading" }, words);
      this.#title.replaceWith(title);
      this.#title = title;
      this.#root.setAttribute("aria-label", words);
      this.#root.dataset.theme = this.getAttribute("theme") ?? "";
    }

    get #level() {
      const level = Number(this.getAttribute("heading-level"));
      return level >= 1 && level <= 5 ? Math.floor(level) : 2;
    }

    /** The ids of the documents to ask, separated by commas or as JSON; none asks all. */
    get #documents() {
      const named = (this.getAttribute("documents") ?? "").trim();
      try {
        if (named.startsWith("[")) return JSON.parse(named).map(String);
      } catch { /* an id may begin with a bracket too */ }
      return named.split(",").map((id) => id.trim()).filter(Boolean);
    }

    #send() {
      const question = this.#box.value.trim();
      this.#box.focus();
      this.#hint.textContent = /[\p{L}\p{N}]/u.test(question) ? "" : this.#say("blank");
      if (this.#hint.textContent) return;
      this.#box.value = "";
      const exchange = new Exchange(question, this.#say, this.#level + 1);
      this.#exchanges.push(exchange);
      this.#log.append(exchange.node);
      this.#work();
    }

    /** Answers what is queued, one question after the other, so that each knows the answers before it. */
    async #work() {
      if (this.#working) return;
      this.#working = true;
      this.#show();
      for (let next; (next = this.#exchanges.find(({ state }) => state === "queued"));) await this.#run(next);
      this.#working = false;
      this.#show();
    }

    async #run(exchange) {
      const { signal } = (this.#controller = new AbortController());
      const silence = timer(SILENCE, () => this.#controller.abort("silent"));
      const slow = timer(SLOW, () => {
        exchange.progress(this.#say("slow"));
        this.#announce(this.#say("slow"));
      });
      exchange.begin();
      this.#announce(this.#say("pending"));
      this.#reveal(exchange.node);
      try {
        await this.#pause(exchange, signal);
        slow.start();
        silence.start();
        for await (const [name, data] of ask(this.#body(exchange), signal, this.#say, silence.start)) {
          if (name === "sentence") slow.end();
          exchange.tell(name, data);
          if (exchange.answer) break;
        }
        if (!exchange.answer) throw new Trouble(this.#say("broken"));
        this.#announce(exchange.spoken());
        this.#fresh = exchange.reply;
      } catch (error) {
        this.#fail(exchange, signal.aborted ? signal.reason : error);
      } finally {
        slow.end();
        silence.end();
        this.#reveal(exchange.node);
      }
    }

    /** Wait as long as the server asked for before it is asked again. */
    async #pause(exchange, signal) {
      const left = exchange.notBefore - Date.now();
      if (left <= 0) return;
      exchange.progress(this.#say("pausing", { seconds: Math.ceil(left / 1000) }));
      await new Promise((resolve) => {
        const waiting = setTimeout(resolve, left);
        signal.addEventListener("abort", () => { clearTimeout(waiting); resolve(); }, { once: true });
      });
      signal.throwIfAborted();
      exchange.progress(this.#say("pending"));
    }

    #fail(exchange, error) {
      if (!this.#exchanges.includes(exchange)) return; // a new conversation has begun
      const known = error instanceof Trouble;
      if (!known && typeof error !== "string") console.error("Fundstelle:", error);
      const words = known ? error.message : this.#say(error === "stopped" || error === "silent" ? error : "failed");
      exchange.notBefore = Date.now() + (error.pause ?? 0) * 1000;
      const actions = [];
      if (error.edit) actions.push(this.#action("edit", () => this.#edit(exchange)));
      if (error.retry ?? true) actions.push(this.#action("retry", () => this.#retry(exchange)));
      exchange.fail(words, actions, error === "stopped" ? "stopped" : "failed");
      this.#announce(words);
    }

    #action(key, act) {
      return button({ part: `button ${key}` }, this.#say(key), act);
    }

    #retry(exchange) {
      exchange.queue();
      this.#box.focus();
      this.#work();
    }

    #edit(exchange) {
      this.#box.value = exchange.question;
      this.#box.focus();
    }

    #halt() {
      for (const exchange of this.#exchanges.filter(({ state }) => state === "queued")) this.#fail(exchange, "stopped");
      this.#controller.abort("stopped");
      this.#box.focus();
    }

    #renew() {
      this.#exchanges = [];
      this.#controller.abort("stopped");
      this.#log.replaceChildren();
      this.#fresh = null;
      this.#box.value = "";
      this.#announce("");
      this.#box.focus();
      this.#show();
    }

    #body(exchange) {
      const before = this.#exchanges.slice(0, this.#exchanges.indexOf(exchange)).filter(({ answer }) => answer);
      const history = before.slice(-REMEMBERED).map(({ question, answer }) => ({ question, answer: answer.answer }));
      const documents = this.#documents;
      const asked = { question: exchange.question, ...(documents.length && { documents }) };
      const body = () => JSON.stringify({ ...asked, history });
      while (history.length && new TextEncoder().encode(body()).length > BODY_LIMIT) history.shift();
      return body();
    }

    #show() {
      this.#stop.hidden = !this.#working;
      this.#new.hidden = !this.#exchanges.length;
    }

    #announce(words) {
      this.#live.replaceChildren(words);
    }

    /** Bring an exchange into sight, unless the reader has gone elsewhere on the page. */
    #reveal(node) {
      const { top, bottom } = node.getBoundingClientRect();
      const begun = node.dataset.state === "pending";
      if (begun || (bottom > 0 && top < innerHeight)) show(node);
    }
  }

  const timer = (milliseconds, act) => {
    let waiting = 0;
    const end = () => clearTimeout(waiting);
    const start = () => {
      end();
      waiting = setTimeout(act, milliseconds);
    };
    return { start, end };
  };

  customElements.define("fundstelle-chat", FundstelleChat);
})();
