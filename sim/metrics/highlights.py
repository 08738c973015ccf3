"""Which KPIs the terminal shows unless asked for more."""

headline: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("consumers", ("sessions", "ctr", "cvr", "orders", "gmv", "gmv_net", "aov", "retention_d7", "return_rate_units")),
    ("recommendation", ("ndcg_at_10", "coverage_at_10", "homogenisation", "regret_vs_oracle")),
    ("exposure", ("gini_exposure",)),
    ("stock", ("fill_rate", "oos_impression_rate", "stockout_rate", "lost_sales_value")),
    ("fulfilment", ("order_cycle_time_p50", "on_time_rate", "perfect_order_rate", "open_orders")),
    ("warehouses", ("station_utilisation",)),
    ("delivery", ("route_km",)),
    ("money", ("cost_to_serve", "profit_platform", "profit_merchants", "profit_creators", "consumer_surplus")),
    ("capital", ("gross_margin", "contribution_merchants", "inventory_turns")),
    ("livestreams", ("peak_concurrency", "gpm", "sell_through")),
)
"""Headings and names, in the order shown; those that twin worlds tell, only where they were asked for."""
