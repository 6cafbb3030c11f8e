-- Reads the table's indexes, a row a column, in the order of the columns; the primary key is named PRIMARY.
-- A partial index says nothing about the rows that it leaves out, and is left out here.
SELECT CASE l.origin WHEN 'pk' THEN 'PRIMARY' ELSE l.name END, l.origin = 'pk', l.`unique`, i.name, NULL, 1
FROM pragma_index_list(:table) AS l, pragma_index_info(l.name) AS i
WHERE l.partial = 0
ORDER BY l.name, i.seqno
