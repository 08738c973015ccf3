"""What a keyed draw is for.  A new purpose takes a new number; a number is never used again."""

ATTENTION = 1  # by page
LOOK = 2  # by page and place
NEXT_PAGE = 3  # by page
CLICK = 4  # by content and exposure in the session
CART = 5
BUY = 6
UNITS = 7
DETAIL = 8
CHECKOUT = 9
LIKE = 10
COMMENT = 11
FOLLOW = 12
SHARE = 13
STOCKOUT = 14  # by offer
WAIT = 15
STAY = 16  # by look in the room
PAYS = 17  # by offer and order in the session
PAYMENT = 18
VISITS = 19  # by day
ACCEPT = 20
HOUR = 21
SURFACE = 22
QUERY = 23
NOTICE = 24  # by livestream
CROWD = 25
LOGGED = 26

# What advertising decides: keyed by day and target, and counted off by visit or coupon.
PAID_WHO = 27
PAID_WHEN = 28
COUPON_WHO = 29

# After the order: keyed by the session's own number as well, and told apart by offer.
TRANSIT = 51
HANDLING = 52
REVIEW = 53
STARS = 54
RETURN = 55
RETURN_DELAY = 56
RETURN_FATE = 57
