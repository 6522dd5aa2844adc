"""Pages of staff: everything under ``/{language}/staff`` asks who has signed in."""

from web.pages.staff import accounts, sign_in, start

ROUTERS = (sign_in.router, start.router, accounts.router)
