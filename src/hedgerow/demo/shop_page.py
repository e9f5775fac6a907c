"""The demo shop's pages as rrweb writes a page down: a tree of nodes with ids. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final

from hedgerow.demo.catalogue import PRODUCTS, Product

Node = dict[str, Any]

_DOCUMENT, _DOCTYPE, _ELEMENT, _TEXT = 0, 1, 2, 3
_COLOURS: Final = ("#7fa86b", "#5d8f4f", "#a9bf83", "#9b84b8", "#86a79a", "#b9a27c", "#c58f5b")
_STYLE: Final = """
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1f2a1e; background: #f6f7f2 }
header { display: flex; gap: 24px; align-items: center; padding: 16px 24px; background: #fff;
  border-bottom: 1px solid #e1e5da }
header strong { font-size: 20px; color: #2f6b3c }
header .cart { margin-left: auto }
main { max-width: 980px; margin: 0 auto; padding: 32px 24px 400px }
h1 { margin: 0 0 20px; font-size: 30px }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 20px }
.card { background: #fff; border: 1px solid #e1e5da; border-radius: 12px; padding: 14px }
.picture { height: 110px; border-radius: 8px; margin-bottom: 10px }
.large { height: 300px; max-width: 460px }
.button { display: inline-block; margin-top: 18px; padding: 12px 22px; border: 0;
  border-radius: 8px; background: #2f6b3c; color: #fff; font: inherit }
label { display: block; margin-bottom: 14px; max-width: 360px }
input { display: block; width: 100%; padding: 10px; border: 1px solid #b9c2b0;
  border-radius: 8px; font: inherit }
"""


@dataclass(slots=True)
class ShopPage:
    """One page, made by its path. The ids of what a visitor uses on it are kept by name."""

    path: str
    cart: int
    named: dict[str, int] = field(default_factory=dict)
    _last_id: int = 0

    def snapshot(self) -> Node:
        """The whole document."""
        title, content = self._content()
        head = self._element("head", {}, [self._style(), self._text_in("title", "Hedgerow Shop")])
        main = self._element("main", {}, [self._text_in("h1", title), *content])
        body = self._element("body", {}, [self._header(), main], name="body")
        page = self._element("html", {"lang": "en"}, [head, body])
        doctype = {
            "type": _DOCTYPE,
            "name": "html",
            "publicId": "",
            "systemId": "",
            "id": self._next("doctype"),
        }
        return {"type": _DOCUMENT, "childNodes": [doctype, page], "id": self._next("document")}

    def _content(self) -> tuple[str, list[Node]]:
        product = next((one for one in PRODUCTS if self.path.endswith(one.slug)), None)
        if product is not None:
            return _title(product.slug), self._product(product)
        match self.path:
            case "/sign-up":
                return "Sign up", self._form(["Name", "E-mail address"], "Make an account")
            case "/cart":
                return "Your cart", [
                    self._text_in("p", "Ready to ship."),
                    self._button("Check out"),
                ]
            case "/checkout":
                return "Checkout", self._form(["Address", "Card number"], "Pay now")
            case "/thank-you":
                return "Thank you", [self._text_in("p", "Your plants are on their way.")]
        return "Hedges, herbs and tools", [self._grid()]

    def _header(self) -> Node:
        links = [self._text_in("span", text) for text in ("Hedges", "Herbs", "Tools", "Soil")]
        cart_text = self._text(f"Cart ({self.cart})", name="cart")
        cart = self._element("span", {"class": "cart"}, [cart_text])
        return self._element("header", {}, [self._text_in("strong", "Hedgerow"), *links, cart])

    def _grid(self) -> Node:
        cards = [
            self._element(
                "div",
                {"class": "card"},
                [
                    self._picture(product, "picture"),
                    self._text_in("div", _title(product.slug)),
                    self._text_in("strong", f"€ {product.price:.2f}"),
                ],
            )
            for product in PRODUCTS
        ]
        return self._element("div", {"class": "grid"}, cards)

    def _product(self, product: Product) -> list[Node]:
        return [
            self._picture(product, "picture large"),
            self._text_in("p", "Grown for small gardens, and sent with bare roots in winter."),
            self._text_in("strong", f"€ {product.price:.2f}"),
            self._element("div", {}, [self._button("Add to cart")]),
        ]

    def _form(self, labels: list[str], action: str) -> list[Node]:
        fields = [
            self._element(
                "label",
                {},
                [
                    self._text(label),
                    self._element("input", {"type": "text", "value": ""}, [], name=f"input{index}"),
                ],
            )
            for index, label in enumerate(labels)
        ]
        return [*fields, self._button(action)]

    def _button(self, text: str) -> Node:
        return self._element("button", {"class": "button"}, [self._text(text)], name="button")

    def _picture(self, product: Product, name: str) -> Node:
        colour = _COLOURS[PRODUCTS.index(product) % len(_COLOURS)]
        return self._element("div", {"class": name, "style": f"background: {colour}"}, [])

    def _style(self) -> Node:
        return self._element("style", {"_cssText": _STYLE}, [])

    def _text_in(self, tag: str, text: str) -> Node:
        return self._element(tag, {}, [self._text(text)])

    def _text(self, text: str, name: str | None = None) -> Node:
        return {"type": _TEXT, "textContent": text, "id": self._next(name)}

    def _element(
        self, tag: str, attributes: dict[str, str], children: list[Node], name: str | None = None
    ) -> Node:
        return {
            "type": _ELEMENT,
            "tagName": tag,
            "attributes": attributes,
            "childNodes": children,
            "id": self._next(name),
        }

    def _next(self, name: str | None) -> int:
        self._last_id += 1
        if name is not None:
            self.named[name] = self._last_id
        return self._last_id


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()
