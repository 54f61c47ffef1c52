first = 'fine'
second = 'not closed
third = 'fine'
