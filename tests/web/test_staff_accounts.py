"""Accounts of staff: passwords, limits, sessions, roles and the log, and their database."""

import sqlite3
import statistics
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from made import NOW
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from staffed import QUICK

from twin.errors import UnknownNameError
from web.staff.accounts import PER_ACCOUNT, PER_ADDRESS, Role
from web.staff.audit import COMMAND_LINE, entries
from web.staff.errors import RefusedError, StaffDatabaseError, TooOftenError
from web.staff.sessions import IDLE, LONGEST
from web.staff.staff import Staff
from web.staff.tables import AccountRow, Table

GOOD = "paard batterij nietje"
BY = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def staff(tmp_path):
    staff = Staff(tmp_path, hasher=QUICK)
    staff.open()
    yield staff
    staff.close()


@pytest.fixture
def accounts(staff):
    staff.accounts.add("anna", Role.ANALYST, GOOD, **BY)
    return staff.accounts


def enter(accounts, name="anna", password=GOOD, address="192.0.2.1", now=NOW):
    return accounts.sign_in(name, password, address=address, now=now)


def test_the_migrations_make_the_tables_as_they_are_declared(staff):
    there = inspect(staff.database.engine)
    assert set(there.get_table_names()) == set(Table.metadata.tables)
    for name, table in Table.metadata.tables.items():
        declared = {(column.name, column.nullable) for column in table.columns}
        found = {(column["name"], column["nullable"]) for column in there.get_columns(name)}
        keys = {column.name for column in table.primary_key}
        assert {each for each in found if each[0] not in keys} == {
            each for each in declared if each[0] not in keys
        }
        assert set(there.get_pk_constraint(name)["constrained_columns"]) == keys


def test_an_older_database_is_brought_up_to_date_once(accounts, tmp_path):
    again = Staff(tmp_path, hasher=QUICK)
    again.open()
    assert [each.name for each in again.accounts.all()] == ["anna"]
    assert enter(again.accounts)
    again.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "staff").write_text("in the way")
    with pytest.raises(StaffDatabaseError, match="staff database cannot be opened"):
        Staff(tmp_path).open()


def test_neither_password_nor_token_nor_address_is_on_the_disk(accounts, tmp_path):
    token = enter(accounts)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "staff").iterdir())
    assert b"anna" in kept
    for secret in (GOOD, token, "192.0.2.1"):
        assert secret.encode() not in kept
    assert ((tmp_path / "staff" / "key").stat().st_mode & 0o777) == 0o600


def test_all_faults_of_a_new_account_are_named_at_once(accounts):
    with pytest.raises(RefusedError) as err:
        accounts.add("A B", Role.VIEWER, "aaaa", **BY)
    assert len(err.value.texts) == 3
    for name in ("anna", "ANNA "):
        with pytest.raises(RefusedError, match="already"):
            accounts.add(name, Role.VIEWER, GOOD, **BY)
    with pytest.raises(RefusedError, match="may not be in the password"):
        accounts.add("bart", Role.VIEWER, "Bart batterij nietje", **BY)
    assert len(accounts.all()) == 1


def test_who_knows_the_password_signs_in_whatever_the_case_of_the_name(accounts):
    assert accounts.signed_in(enter(accounts, " Anna"), NOW).role is Role.ANALYST
    assert enter(accounts) != enter(accounts)


@pytest.mark.parametrize("name", ["anna", "nobody", "", "a" * 5000, "\0", "a\ud800", "' OR 1=1"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(accounts, name):
    with pytest.raises(RefusedError) as err:
        enter(accounts, name, "not the password")
    assert err.value.faults == ["The name or the password is wrong, or this account is disabled."]


def test_an_unknown_name_takes_as_long_as_a_wrong_password(tmp_path):
    hasher = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    staff = Staff(tmp_path, hasher=hasher)
    staff.open()
    staff.accounts.add("anna", Role.ANALYST, GOOD, **BY)
    took = {"anna": [], "nobody": []}
    for turn in range(10):
        for name, times in took.items():
            began = time.perf_counter()
            with pytest.raises(RefusedError):
                enter(staff.accounts, name, "not it", now=NOW + turn * PER_ACCOUNT.within)
            times.append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    assert 0.6 < known / unknown < 1.7
    staff.close()


def test_an_account_is_tried_so_often_and_no_more(accounts, staff, tmp_path):
    for number in range(PER_ACCOUNT.most):
        with pytest.raises(RefusedError):
            enter(accounts, password="wrong", address=f"192.0.2.{number}")
    with pytest.raises(TooOftenError, match="in 15 minutes") as err:
        enter(accounts)
    assert err.value.wait_s == PER_ACCOUNT.within.total_seconds()
    again = Staff(tmp_path, hasher=QUICK)
    again.open()
    with pytest.raises(TooOftenError, match="in 1 minute"):
        enter(again.accounts, now=NOW + PER_ACCOUNT.within - timedelta(seconds=30))
    assert enter(again.accounts, now=NOW + PER_ACCOUNT.within + timedelta(seconds=1))
    again.close()


def test_an_address_is_heard_so_often_and_no_more(accounts):
    for number in range(PER_ADDRESS.most):
        with pytest.raises(RefusedError):
            enter(accounts, f"nobody{number}", address=f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooOftenError):
        enter(accounts, address="2001:db8:1:2:ffff::9")
    assert enter(accounts, address="2001:db8:1:3::1")


def test_a_new_password_lets_an_account_be_tried_anew(accounts):
    for _ in range(PER_ACCOUNT.most):
        with pytest.raises(RefusedError):
            enter(accounts, password="wrong")
    accounts.set_password("anna", f"{GOOD} nieuw", **BY)
    assert enter(accounts, password=f"{GOOD} nieuw")


def test_a_session_ends_when_nothing_is_asked_in_it(accounts):
    token = enter(accounts)
    assert accounts.signed_in(token, NOW + IDLE / 2)
    assert accounts.signed_in(token, NOW + 1.4 * IDLE)
    assert accounts.signed_in(token, NOW + 2.5 * IDLE) is None


def test_a_session_ends_however_much_is_asked_in_it(accounts):
    token, now = enter(accounts), NOW
    while now - NOW <= LONGEST:
        assert accounts.signed_in(token, now)
        now += IDLE / 2
    assert accounts.signed_in(token, now) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda accounts: accounts.set_enabled("anna", is_enabled=False, **BY),
        lambda accounts: accounts.set_role("anna", Role.ADMIN, **BY),
        lambda accounts: accounts.set_password("anna", f"{GOOD} nieuw", **BY),
        lambda accounts: accounts.change_own_password(
            accounts.all()[0], GOOD, f"{GOOD} nieuw", address="", now=NOW
        ),
    ],
)
def test_sessions_end_when_an_account_changes(accounts, change):
    token = enter(accounts)
    change(accounts)
    assert accounts.signed_in(token, NOW) is None


def test_only_the_session_that_signs_out_ends(accounts):
    first, second = enter(accounts), enter(accounts)
    accounts.sign_out(first)
    assert accounts.signed_in(first, NOW) is None
    assert accounts.signed_in(second, NOW)


def test_a_disabled_account_is_refused_as_if_the_password_were_wrong(accounts):
    accounts.set_enabled("anna", is_enabled=False, **BY)
    with pytest.raises(RefusedError, match="is wrong"):
        enter(accounts)
    accounts.set_enabled("anna", is_enabled=True, **BY)
    assert enter(accounts)


def test_a_password_is_hashed_again_when_the_parameters_change(accounts, tmp_path):
    def kept():
        with accounts._database.reading() as session:
            return session.query(AccountRow).one().password_hash

    before = kept()
    enter(accounts)
    assert kept() == before
    stronger = Staff(tmp_path, hasher=PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    stronger.open()
    enter(stronger.accounts)
    assert "t=2" in kept()
    assert enter(stronger.accounts)
    stronger.close()


def test_one_changes_ones_own_password_only_by_knowing_it(accounts):
    with pytest.raises(RefusedError, match="present password"):
        accounts.change_own_password(
            accounts.all()[0], "wrong", f"{GOOD} nieuw", address="", now=NOW
        )
    assert enter(accounts)


def test_every_change_is_in_the_log_with_who_and_when(accounts, staff):
    accounts.set_role("anna", Role.ADMIN, by="bart", now=NOW + timedelta(hours=1))
    with pytest.raises(UnknownNameError):
        accounts.set_role("nobody", Role.ADMIN, **BY)
    with staff.database.reading() as session:
        last, first = entries(session, most=10)
    assert (first.who, first.action, first.what) == (COMMAND_LINE, "account-added", "anna")
    assert (last.who, last.at) == ("bart", NOW + timedelta(hours=1))
    assert last.detail == {"before": "analyst", "after": "admin"}


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET who = 'nobody'"])
def test_nothing_can_be_taken_from_the_log(accounts, staff, statement):
    with (
        pytest.raises(IntegrityError, match="only added to"),
        staff.database.writing() as session,
    ):
        session.connection().exec_driver_sql(statement)
    with staff.database.reading() as session:
        assert len(entries(session, most=10)) == 1


def test_a_transaction_that_fails_leaves_nothing(accounts, staff):
    def half():
        with staff.database.writing() as session:
            session.query(AccountRow).one().role = "admin"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert accounts.all()[0].role is Role.ANALYST


def test_what_is_deleted_is_gone_from_the_disk(accounts, staff, tmp_path):
    token = enter(accounts)
    with staff.database.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT token_hash FROM session").scalar()
    accounts.sign_out(token)
    staff.database.erase()
    files = b"".join(path.read_bytes() for path in (tmp_path / "staff").iterdir())
    assert kept.encode() not in files
    assert sqlite3.connect(tmp_path / "staff" / "staff.sqlite").execute(
        "SELECT count(*) FROM account"
    ).fetchone() == (1,)
