-- The last success of a group, for its age.

create index run_success_ix on run (group_key, ended_at) where state = 'COMPLETED';
