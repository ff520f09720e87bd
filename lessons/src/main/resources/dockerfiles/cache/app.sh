cat /installed
echo "version 1"
