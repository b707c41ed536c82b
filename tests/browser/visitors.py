"""Visitors: each a browser context without a past, lent to one test and cleaned before it is lent again.

A new context would fetch and compile every script of the page anew, and a new window starts processes of its own: both
cost more than what most tests do. What is kept between two visitors is what a browser may keep of files that never
change; the page they were on is left for an empty one, and Back leads nowhere.
"""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

STORED = "cookies,file_systems,indexeddb,local_storage,websql,service_workers,cache_storage"
EMPTY = "about:blank"


class Visitor:
    """One context with the page that each who borrows it begins with."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self._context = context
        self._inside: CDPSession = context.new_cdp_session(self.page)
        self._origins: set[str] = set()

    def arrive(self, address: str) -> None:
        """Remember where this visitor goes: what is stored there has to be forgotten."""
        parts = urlsplit(address)
        self._origins.add(f"{parts.scheme}://{parts.netloc}")

    def forget(self) -> bool:
        """Leave the page and empty what was stored; false if a test closed it, so that nobody can borrow it again."""
        if self.page.is_closed():
            self._context.close()
            return False
        for other in self._context.pages:
            if other != self.page:
                other.close()
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.evaluate("() => { try { sessionStorage.clear(); } catch { /* a page of an error has none */ } }")
        self.page.goto(EMPTY)
        self.page.mouse.up()  # a test that failed may have left it pressed
        self.page.mouse.move(0, 0)
        self._inside.send("Page.resetNavigationHistory")
        self._context.clear_permissions()
        self._context.clear_cookies()
        for origin in self._origins:
            self._inside.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORED})
        self._origins.clear()
        return True

    def close(self) -> None:
        self._context.close()


class Visitors:
    """Visitors in one browser. `come` lends one that nobody has; `leave` takes it back, its past forgotten."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Visitor] = []
        self._lent: list[Visitor] = []

    def come(self, address: str) -> Visitor:
        """A visitor who has never been at this address: nothing stored, no permission given."""
        visitor = self._free.pop() if self._free else Visitor(self._browser.new_context(reduced_motion="reduce"))
        visitor.arrive(address)
        self._lent.append(visitor)
        return visitor

    def leave(self, visitor: Visitor) -> None:
        self._lent.remove(visitor)
        if visitor.forget():
            self._free.append(visitor)

    def close(self) -> None:
        for visitor in [*self._free, *self._lent]:
            visitor.close()
