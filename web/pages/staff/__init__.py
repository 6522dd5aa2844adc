"""Pages of staff: everything under ``/{language}/staff`` asks who has signed in."""

from web.pages.staff import accounts, calibration, sign_in, start, studies, study, study_files

ROUTERS = (
    sign_in.router,
    start.router,
    accounts.router,
    studies.router,
    calibration.router,
    study_files.router,
    study.router,
)
