print("pprofconv")
