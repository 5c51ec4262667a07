"""How the pages of last resort look: they stand by themselves, so their few styles stand in them."""

import base64
import hashlib

STYLE = """
      html { background: light-dark(#fdfdfb, #15191b); color: light-dark(#1a1d1e, #e7e4dc) }
      body { max-width: 33rem; margin: 0 auto; padding: 8vh 1.25rem }
      body, input, button {
        font: 1.125rem/1.6 Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "Noto Serif", serif
      }
      h1 { line-height: 1.1 }
      form p { display: flex; flex-wrap: wrap; gap: .5rem }
      input, button { min-height: 44px; padding: 0 .75rem; background: none; color: inherit; border: 1px solid }
      input { flex: 1; min-width: 9rem }
      a { color: light-dark(#0b5a5e, #74c4c0) }
    """
"""What stands between `<style>` and `</style>` in each of `templates/site/errors/`, to the last space.

The colours and faces are those of `static/css/10-tokens.css`; an accent of the team's own does not reach here.
"""

STYLE_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""What lets exactly this text, and no other, stand inline under the Content-Security-Policy."""
