"""The `hedgerow` command: one line each into the package."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from hedgerow import exit_codes
from hedgerow.core.errors import UserError
from hedgerow.settings import load_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Product analytics you can run yourself, speaking PostHog's capture API.",
)

DataOption = Annotated[
    Path | None, typer.Option("--data", help="The data folder. Default: ./hedgerow-data")
]


@app.command(epilog="Example: hedgerow serve --data /var/lib/hedgerow --port 8000")
def serve(
    data: DataOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Start the server: capture, queries and pages on one port."""
    from hedgerow.serve import replace_by_server

    replace_by_server(load_settings(data=data, host=host, port=port))


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
ProjectOption = Annotated[str, typer.Option("--project", help="A project's id.")]


@app.command(epilog="Example: hedgerow status --json")
def status(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show what became of every event, the lag, and the disk used."""
    from hedgerow.commands.status import show_status

    show_status(data, as_json=as_json)


@app.command(epilog="Example: hedgerow doctor --data /var/lib/hedgerow")
def doctor(
    data: DataOption = None,
    host: Annotated[str | None, typer.Option(help="Address the server listens on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port the server listens on.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check the data folder and the server, and say what to do; ends with 1 if one is wrong."""
    from hedgerow.commands.doctor import run_doctor

    sys.exit(run_doctor(load_settings(data=data, host=host, port=port), as_json=as_json))


@app.command(epilog="Example: hedgerow warnings --json")
def warnings(
    data: DataOption = None, project: ProjectOption = "@current", as_json: JsonOption = False
) -> None:
    """Show what was dropped or changed on its way in, and why."""
    from hedgerow.commands.status import show_warnings

    show_warnings(data, project, as_json=as_json)


@app.command(epilog='Example: hedgerow query "SELECT event, count() FROM events GROUP BY event"')
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT statement.")],
    data: DataOption = None,
    output_format: Annotated[
        Literal["table", "json", "csv", "parquet", "arrow"],
        typer.Option("--format", help="How to print the rows."),
    ] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", help="Write csv, parquet or arrow to this file.")
    ] = None,
    param: Annotated[
        list[str] | None, typer.Option("--param", help="name=value for {name} in the query.")
    ] = None,
    project: ProjectOption = "@current",
    as_json: JsonOption = False,
) -> None:
    """Ask the running server a question in SQL."""
    from hedgerow.commands.query import run_query

    run_query(
        data,
        sql,
        "json" if as_json else output_format,
        project=project,
        parameters=param or [],
        output=output,
    )


@app.command(epilog="Example: hedgerow replay --into /var/lib/hedgerow-copy")
def replay(
    data: DataOption = None,
    into: Annotated[
        Path | None, typer.Option(help="An empty folder for the result; by default in place.")
    ] = None,
    partial: Annotated[
        bool, typer.Option(help="Also where the log's beginning has been deleted.")
    ] = False,
) -> None:
    """Make persons, groups and stored events again from the log; the server must be stopped."""
    from hedgerow.commands.replay import run_replay

    run_replay(data, into, partial=partial)


@app.command("sign-in", epilog="Example: hedgerow sign-in")
def sign_in(data: DataOption = None) -> None:
    """Print a link that signs a browser in, once."""
    from hedgerow.commands.web import show_sign_in_link

    show_sign_in_link(data)


@app.command(epilog="Example: hedgerow demo")
def demo(
    data: DataOption = None, project: ProjectOption = "@current", as_json: JsonOption = False
) -> None:
    """Load a month of a small shop's events, so that every page has something to show."""
    from hedgerow.commands.web import load_demo_data

    load_demo_data(data, project, as_json=as_json)


project_app = typer.Typer(no_args_is_help=True, help="List and make projects.")
key_app = typer.Typer(no_args_is_help=True, help="List, make and delete personal keys (phx_…).")
property_app = typer.Typer(no_args_is_help=True, help="Give properties a column of their own.")
app.add_typer(project_app, name="project")
app.add_typer(property_app, name="property")
app.add_typer(key_app, name="key")
person_app = typer.Typer(no_args_is_help=True, help="Show, split and delete persons.")
app.add_typer(person_app, name="person")


@project_app.command("list", epilog="Example: hedgerow project list --json")
def project_list(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the projects and their keys (phc_…)."""
    from hedgerow.commands.projects import show_projects

    show_projects(data, as_json=as_json)


@project_app.command("create", epilog='Example: hedgerow project create "Mobile app"')
def project_create(name: str, data: DataOption = None, as_json: JsonOption = False) -> None:
    """Make a project; its key is printed."""
    from hedgerow.commands.projects import make_project

    make_project(data, name, as_json=as_json)


@person_app.command("show", epilog="Example: hedgerow person show ada@example.org")
def person_show(
    distinct_id: str,
    data: DataOption = None,
    project: ProjectOption = "@current",
    as_json: JsonOption = False,
) -> None:
    """Show the person of a distinct id."""
    from hedgerow.commands.persons import show_person

    show_person(data, distinct_id, project, as_json=as_json)


@person_app.command("split", epilog="Example: hedgerow person split ada@example.org")
def person_split(
    distinct_id: str,
    data: DataOption = None,
    main: Annotated[
        str | None, typer.Option(help="The distinct id that keeps the properties.")
    ] = None,
    project: ProjectOption = "@current",
) -> None:
    """Undo merges: each distinct id of the person gets a person of its own."""
    from hedgerow.commands.persons import split_person

    split_person(data, distinct_id, main, project)


@person_app.command(
    "delete", epilog="Example: hedgerow person delete ada@example.org --with-events"
)
def person_delete(
    distinct_id: str,
    data: DataOption = None,
    with_events: Annotated[bool, typer.Option(help="Delete its events too.")] = False,
    project: ProjectOption = "@current",
) -> None:
    """Delete the person of a distinct id, and everything that names it."""
    from hedgerow.commands.persons import delete_person

    delete_person(data, distinct_id, project, with_events=with_events)


@key_app.command("list", epilog="Example: hedgerow key list")
def key_list(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List the personal keys; the secrets themselves are not kept."""
    from hedgerow.commands.projects import show_keys

    show_keys(data, as_json=as_json)


@key_app.command("create", epilog="Example: hedgerow key create grafana")
def key_create(
    label: str,
    data: DataOption = None,
    project: Annotated[int, typer.Option(help="The project `@current` stands for.")] = 1,
    project_secret: Annotated[
        bool, typer.Option(help="A key (phs_…) that reads the flags of the project alone.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a personal key; it is printed this once."""
    from hedgerow.commands.projects import make_key

    make_key(data, label, project, is_project_secret=project_secret, as_json=as_json)


@key_app.command("delete", epilog="Example: hedgerow key delete 2")
def key_delete(key_id: int, data: DataOption = None) -> None:
    """Delete a personal key; it stops working at once."""
    from hedgerow.commands.projects import remove_key

    remove_key(data, key_id)


ScopeOption = Annotated[
    Literal["event", "person"],
    typer.Option("--scope", help="Of the event, or of the person as on the event."),
]


@property_app.command("promote", epilog="Example: hedgerow property promote plan --type String")
def property_promote(
    name: str,
    data: DataOption = None,
    scope: ScopeOption = "event",
    type_: Annotated[
        Literal["String", "Numeric", "Boolean", "DateTime"] | None,
        typer.Option("--type", help="Default: as the property is defined."),
    ] = None,
    project: ProjectOption = "@current",
    as_json: JsonOption = False,
) -> None:
    """Give a property a column, so that queries on it are fast; answers stay the same."""
    from hedgerow.commands.properties import promote

    promote(data, name, scope=scope, type_=type_, project=project, as_json=as_json)


@property_app.command("demote", epilog="Example: hedgerow property demote plan")
def property_demote(
    name: str,
    data: DataOption = None,
    scope: ScopeOption = "event",
    project: ProjectOption = "@current",
) -> None:
    """Take a property's column away; answers stay the same."""
    from hedgerow.commands.properties import demote

    demote(data, name, scope=scope, project=project)


@property_app.command("list", epilog="Example: hedgerow property list --json")
@property_app.command("status", epilog="Example: hedgerow property status")
def property_status(
    data: DataOption = None, project: ProjectOption = "@current", as_json: JsonOption = False
) -> None:
    """List the properties with a column, and how far each is filled."""
    from hedgerow.commands.properties import show_promoted

    show_promoted(data, project=project, as_json=as_json)


@property_app.command("suggest", epilog="Example: hedgerow property suggest")
def property_suggest(
    data: DataOption = None, project: ProjectOption = "@current", as_json: JsonOption = False
) -> None:
    """List the properties that queries spend most time on."""
    from hedgerow.commands.properties import show_suggestions

    show_suggestions(data, project=project, as_json=as_json)


def main() -> None:
    """Errors of the user's making are one clear line, not a trace."""
    try:
        app()
    except UserError as error:
        typer.secho(f"hedgerow: {error}", fg=typer.colors.RED, err=True)
        sys.exit(exit_codes.CONFIGURATION)
