-- Why a version of a task group was stored, in the words of who stored it.

alter table task_group_version add reason varchar(500);
