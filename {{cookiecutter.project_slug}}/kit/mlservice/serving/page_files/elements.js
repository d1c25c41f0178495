// Elements of HTML and SVG.

/** Make an element of HTML with attributes and children. */
export const make = (tag, attributes = {}, ...children) => filled(document.createElement(tag), attributes, children);

/** Make an element of SVG with attributes and children. */
export const draw = (tag, attributes, ...children) =>
  filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}
