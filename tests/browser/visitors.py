"""Visitors: each a browser context without a past, lent to one test and cleaned before it is lent again.

A new context would fetch and compile every script of the page anew, which costs more than what most tests do. What is
kept between two visitors is only what a browser may keep of files that never change.
"""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext

STORED = "cookies,file_systems,indexeddb,local_storage,websql,service_workers,cache_storage"


class Visitors:
    """Contexts of one browser. `come` lends one that nobody has; `leave` takes it back, its pages closed."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[BrowserContext] = []
        self._lent: list[BrowserContext] = []

    def come(self, address: str) -> BrowserContext:
        """A visitor who has never been at this address: nothing stored, no permission given."""
        if self._free:
            context = self._free.pop()
            _forget(context, address)
        else:
            context = self._browser.new_context(reduced_motion="reduce")
        self._lent.append(context)
        return context

    def leave(self, context: BrowserContext) -> None:
        self._lent.remove(context)
        for page in context.pages:
            page.close()
        self._free.append(context)

    def close(self) -> None:
        for context in [*self._free, *self._lent]:
            context.close()


def _forget(context: BrowserContext, address: str) -> None:
    """Empty what the page may have stored in this context, all but the files that browsers keep."""
    context.clear_permissions()
    context.clear_cookies()
    page = context.new_page()
    parts = urlsplit(address)
    everything = {"origin": f"{parts.scheme}://{parts.netloc}", "storageTypes": STORED}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", everything)
    page.close()
