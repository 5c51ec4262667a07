"""The signup forms of a page, as a visitor sees them."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from .serving import Site

THANKS = "Thank you! Your submission has been received!"
NEXT = "Look for our mail: its code or its link completes your signup."
OOPS = "Oops! Something went wrong while submitting the form."
STILL_HERE = "Your address is still here. Please try again in a moment."
FIX = "Please check the address; it should look like name@example.org."

FIRST, LAST = "article-1", "article-2"


@dataclass(frozen=True)
class Signup:
    """One form and its live region."""

    page: Page
    place: str

    @property
    def field(self) -> Locator:
        """Return the field for the address."""
        return self.page.locator(f"#signup-{self.place}").get_by_label("Your e-mail address")

    @property
    def button(self) -> Locator:
        """Return the button."""
        return self.page.locator(f"#signup-{self.place}").get_by_role("button", name="Sign up")

    @property
    def status(self) -> Locator:
        """Return the live region."""
        return self.page.locator(f"#signup-{self.place}-status[role=status]")

    def send(self, address: str) -> None:
        """Write the address and press the button."""
        self.field.fill(address)
        self.button.click()

    @property
    def code(self) -> Locator:
        """Return the field for the code, which takes the place of that for the address."""
        return self.page.locator(f"#signup-{self.place}").get_by_label("The six digits of the code")

    def type_code(self, code: str) -> None:
        """Write the code and press the button."""
        self.code.fill(code)
        self.page.locator(f"#signup-{self.place}").get_by_role("button", name="Confirm").click()

    def expect_thanks(self) -> None:
        """Check that the form gave way to the thanks and to the field for the code, which holds the focus."""
        expect(self.status).to_have_text(f"{THANKS} {NEXT}")
        expect(self.code).to_be_focused()
        expect(self.field).to_have_count(0)

    def expect_in(self) -> None:
        """Check that the card says that the person is in, and asks for nothing more."""
        expect(self.status).to_have_text("You are in. The newsletter comes to your mailbox from now on.")
        expect(self.status).to_be_focused()
        expect(self.code).to_have_count(0)

    def expect_oops(self, detail: str, address: str) -> None:
        """Check that the form says what went wrong, keeps the address and leads back to the field."""
        expect(self.field).to_be_focused()
        self.expect_unchanged_oops(detail, address)

    def expect_unchanged_oops(self, detail: str, address: str) -> None:
        """Check the same of a form that the visitor has left since."""
        expect(self.status).to_have_text(f"{OOPS} {detail}")
        expect(self.field).to_have_value(address)
        expect(self.field).to_have_attribute("aria-invalid", "true")
        described = f"signup-{self.place}-status signup-{self.place}-wording"
        expect(self.field).to_have_attribute("aria-describedby", described)


def opened(page: Page, path: str, place: str = FIRST) -> Signup:
    """Open a page and find its form there; the live region is in it from the start, empty."""
    page.goto(path)
    page.evaluate("window.neverReloaded = true")
    signup = Signup(page, place)
    expect(signup.status).to_have_text("")
    return signup


def is_same_page(page: Page) -> bool:
    """Say whether the page was never loaded again since it was opened."""
    return bool(page.evaluate("window.neverReloaded === true"))


def consents(site: Site, address: str) -> list[tuple[object, ...]]:
    """Return page, place and wording of every request that was kept for the address."""
    return site.rows(
        "SELECT page, place, wording.text FROM consent JOIN wording ON wording.id = wording_id"
        " WHERE address = ? ORDER BY consent.id",
        address,
    )
