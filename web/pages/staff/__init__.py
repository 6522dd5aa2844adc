"""Pages of staff: everything under ``/{language}/staff`` asks who has signed in."""

from web.pages.staff import (
    accounts,
    calibration,
    operations,
    proposals,
    sign_in,
    start,
    studies,
    study,
    study_files,
)

ROUTERS = (
    sign_in.router,
    start.router,
    accounts.router,
    operations.router,
    proposals.router,
    studies.router,
    calibration.router,
    study_files.router,
    study.router,
)
