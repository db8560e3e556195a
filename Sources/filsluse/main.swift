print("filsluse")
