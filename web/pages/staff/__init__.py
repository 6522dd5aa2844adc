"""Pages of staff: everything under ``/{language}/staff`` asks who has signed in."""

from web.pages.staff import (
    accounts,
    calibration,
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
    proposals.router,
    studies.router,
    calibration.router,
    study_files.router,
    study.router,
)
