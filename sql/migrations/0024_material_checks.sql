-- For the numbers of /metrics and for /readyz, which ask often.
ALTER TABLE stored_file
  ADD KEY stored_file_size (size),
  ADD KEY stored_file_missing (missing_since);
