-- Reads the table's indexes, one row per column, in the order of the columns; the primary key is named PRIMARY.
-- For every command, when it opens the table.
-- Partial indexes are not listed, because they do not contain all rows.
SELECT CASE l.origin WHEN 'pk' THEN 'PRIMARY' ELSE l.name END, l.origin = 'pk', l.`unique`, i.name, NULL, 1
FROM pragma_index_list(:table) AS l, pragma_index_info(l.name) AS i
WHERE l.partial = 0
ORDER BY l.name, i.seqno
