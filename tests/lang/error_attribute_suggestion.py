class Account:
    def __init__(self):
        self.balance = 10

    def withdraw(self, amount):
        self.balanse -= amount


Account().withdraw(3)
