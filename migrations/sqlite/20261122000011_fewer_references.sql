-- For PostgreSQL alone: references cost SQLite next to nothing.
SELECT 1;
