insert into notes_note (id, notebook_id, title, slug, body, place)
select random_id(), id, random_title(), 'slug-' || random_digits(8), random_text(random_int(1, 9)), 1 from notes_notebook;
