-- Reads what kind of server this is, who we are on it, and the limits that matter here.
SELECT VERSION(), CURRENT_USER(), DATABASE(), @@GLOBAL.max_allowed_packet, @@GLOBAL.read_only
