"""The pages everybody may read, gathered from the apps that make them."""

app_name = "public"
urlpatterns: list = []
