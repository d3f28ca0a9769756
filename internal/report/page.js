
"use strict";
const form = document.querySelector("form");
const findings = [...document.querySelectorAll(".finding")].map(element => ({element, text: element.textContent.toLowerCase()}));
const keys = ["severity", "rule", "package"];

// show hides what the form does not ask for.
function show() {
  const words = form.elements.text.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const {element, text} of findings) {
    element.hidden = keys.some(key => form.elements[key].value && form.elements[key].value !== element.dataset[key]) || words.some(word => !text.includes(word));
    if (!element.hidden) shown++;
  }
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector(".finding:not([hidden])");
  form.querySelector("output").textContent = shown + " of " + findings.length;
}

// The address keeps what is asked for, so that it can be handed on.
function write() {
  const asked = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", "#" + new URLSearchParams(asked));
  show();
}

function read() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const key of [...keys, "text"]) form.elements[key].value = asked.get(key) ?? "";
  show();
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", write);
  form.addEventListener("submit", event => event.preventDefault());
  addEventListener("hashchange", read);
  read();
}
