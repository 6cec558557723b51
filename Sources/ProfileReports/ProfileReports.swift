// What people look at. A folder for each report: the facts as a struct that is made of a profile, and files that print it.
