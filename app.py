"""Broadsheet, a self-hosted journal: this file is its table of contents."""

from flask import Flask

from blog.articles.views import blueprint as articles
from blog.content.carrying import carried
from blog.content.finding import declare_searchable
from blog.content.picturing import keep_picture_uses, may_show_picture
from blog.content.queries import next_turning_point
from blog.faq.views import blueprint as faq
from blog.lib import colour
from blog.lib.answering import answer_well, safety_headers
from blog.lib.assets import serve_assets
from blog.lib.commands import run_commands
from blog.lib.db import open_database
from blog.lib.edition import know_edition
from blog.lib.environment import Environment, read_environment
from blog.lib.hosts import refuse_strangers, trust_proxies
from blog.lib.htmx import know_htmx
from blog.lib.masking import mask_secrets
from blog.lib.measuring import measure_bodies
from blog.lib.migrating import know_migrations
from blog.lib.slugs import SlugConverter
from blog.lib.store import keep_pages
from blog.lib.translated import TranslatedEnvironment
from blog.lib.triggers import declare_triggers
from blog.lib.words import speak, speak_anew
from blog.media.views import blueprint as media
from blog.newsletter import cli as newsletter_commands
from blog.newsletter import views as newsletter
from blog.newsletter.kinds import KINDS as KINDS_OF_MAIL
from blog.newsletter.leaving import leave_again
from blog.newsletter.proving import kept_proofs
from blog.newsletter.signup.wording import keep_shown_words
from blog.newsletter.views.signing_up import show_forms
from blog.outbox.kinds import declare_kind
from blog.outbox.merging import when_suppressed_again
from blog.pages.views import blueprint as pages
from blog.people.views import blueprint as people
from blog.search.views import blueprint as search
from blog.settings import declaring, identity
from blog.site import cli as site_commands
from blog.site.errors import busy_page, handle_errors
from blog.site.feeds import blueprint as feeds
from blog.site.frame import frame_pages
from blog.site.home import blueprint as home
from blog.site.machines import blueprint as machines
from blog.site.sitemap import blueprint as sitemap
from blog.transfer import cli as transfer_commands
from blog.upkeep import cli as upkeep_commands
from blog.worker import cli as worker_commands
from blog.worker.running import work

BLUEPRINTS = (
    *(home, articles, faq, people, search),
    *newsletter.BLUEPRINTS,
    *(feeds, sitemap, machines, media, pages),
)
COMMANDS = (
    *site_commands.COMMANDS,
    *transfer_commands.COMMANDS,
    *newsletter_commands.COMMANDS,
    *upkeep_commands.COMMANDS,
    *worker_commands.COMMANDS,
)

LARGEST_POST = 64 * 1024
"""Bytes that a form of the public site may have."""


def create_app(environment: Environment | None = None) -> Flask:
    """Make the application from the settings of the process."""
    env = environment or read_environment()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=env.secret_key,
        SITE_URL=env.site_url,
        INSTANCE=env.instance,
        MEDIA=env.media,
        MAIL=env.mail,
        WORKER=work,
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=LARGEST_POST,
        WTF_I18N_ENABLED=False,  # its own messages are never shown
    )
    app.jinja_environment = TranslatedEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.url_map.converters["slug"] = SlugConverter
    keep_data(app, env)
    stand_at_the_border(app, env)
    speak(app, identity.language.get, identity.time_zone.get)
    frame_pages(app)
    show_forms(app)
    serve_assets(app, lambda: colour.accents(identity.accent.get()))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def keep_data(app: Flask, env: Environment) -> None:
    """Open the database, and say what must follow when something in it changes."""
    open_database(app, env.database)
    know_edition(app, next_turning_point)
    declare_triggers(carried)
    declare_triggers(kept_proofs)
    know_migrations(app)
    declare_searchable()
    keep_picture_uses()
    app.config["MAY_SHOW_PICTURE"] = may_show_picture
    declaring.when_changed(speak_anew)
    declaring.when_changed(keep_shown_words)
    when_suppressed_again(app, leave_again)
    for kind in KINDS_OF_MAIL:
        declare_kind(kind)


def stand_at_the_border(app: Flask, env: Environment) -> None:
    """Look at every request before a page does, and at every answer after it."""
    know_htmx(app)
    refuse_strangers(app, env.site_url)
    trust_proxies(app, env.trusted_proxies)
    measure_bodies(app)
    https = env.site_url.startswith("https:")
    answer_well(app, https=https)
    handle_errors(app)
    mask_secrets(app)
    headers = safety_headers(https=https)
    keep_pages(app, site_url=env.site_url, megabytes=env.page_store_mb, busy=busy_page, headers=headers)


if __name__ == "__main__":
    run_commands(create_app, prepare=site_commands.live_in_demo)
